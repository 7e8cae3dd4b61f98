//! tokio-peer <letter> [repeats]: the workloads on tokio's single-threaded runtime, as far as it has their like.

use std::alloc::{GlobalAlloc, Layout, System};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, Mutex, Semaphore};
use tokio::task::{spawn, yield_now, JoinHandle};
use tokio::time::{sleep, timeout};

struct Counting;
static ALLOCATED: AtomicU64 = AtomicU64::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size() as u64, Relaxed);
        System.alloc(layout)
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        System.dealloc(pointer, layout)
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn line(workload: &str, value: f64, unit: &str, extra: String) {
    println!("R\ttokio-st\t{workload}\t{value:.1}\t{unit}\t{extra}");
}

fn median(values: &mut Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

async fn bench<F: Future<Output = ()>>(workload: &str, operations: f64, repeats: usize, body: impl Fn() -> F) {
    let start = Instant::now();
    let mut runs = 0;
    while runs < 2 || start.elapsed() < Duration::from_millis(500) {
        body().await;
        runs += 1;
    }
    let (mut times, mut bytes) = (vec![], vec![]);
    for _ in 0..repeats {
        let (allocated, start) = (ALLOCATED.load(Relaxed), Instant::now());
        body().await;
        times.push(start.elapsed().as_nanos() as f64 / operations);
        bytes.push((ALLOCATED.load(Relaxed) - allocated) as f64 / operations);
    }
    let (time, alloc) = (median(&mut times), median(&mut bytes));
    line(workload, time, "ns/op", format!("min={:.1} max={:.1} n={repeats} alloc_B={alloc:.1}", times[0], times[repeats - 1]));
}

async fn all<F: Future<Output = ()> + Send + 'static>(count: usize, body: impl Fn(usize) -> F) {
    join((0..count).map(|i| spawn(body(i))).collect()).await
}

async fn join(tasks: Vec<JoinHandle<()>>) {
    for task in tasks {
        task.await.unwrap();
    }
}

async fn yields(times: usize) {
    for _ in 0..times {
        yield_now().await;
    }
}

// A recursive future must be boxed.
type Boxed = Pin<Box<dyn Future<Output = u64> + Send>>;

fn suspends(depth: u64) -> Boxed {
    Box::pin(async move {
        if depth == 0 {
            yield_now().await;
            return 0;
        }
        1 + suspends(depth - 1).await
    })
}

fn does_not_suspend(depth: u64) -> Boxed {
    Box::pin(async move { if depth == 0 { 0 } else { 1 + does_not_suspend(depth - 1).await } })
}

async fn spawn_and_join() {
    let mut sum = 0u64;
    for _ in 0..1000 {
        let tasks: Vec<_> = (0..1000u64).map(|i| spawn(async move { i })).collect();
        for task in tasks {
            sum += task.await.unwrap();
        }
    }
    assert_eq!(sum, 1000 * 499_500);
}

async fn queue(capacity: usize) {
    let (sender, mut receiver) = mpsc::channel(capacity);
    let producer = spawn(async move {
        for i in 0..1_000_000u64 {
            sender.send(i).await.unwrap();
        }
    });
    let consumer = spawn(async move {
        let mut sum = 0;
        for _ in 0..1_000_000 {
            sum += receiver.recv().await.unwrap();
        }
        assert_eq!(sum, 499_999_500_000);
    });
    join(vec![producer, consumer]).await
}

fn cpu_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) * 1e7 // ticks of 10 ms
}

async fn timers_fire() {
    let mut x = 88172645463325252u64;
    let delays: Vec<u64> = (0..1_000_000)
        .map(|_| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            1 + x % 1000
        })
        .collect();
    let (cpu, start) = (cpu_time(), Instant::now());
    join(delays.iter().map(|&ms| spawn(async move { sleep(Duration::from_millis(ms)).await })).collect()).await;
    line("g.timers_1M_cpu", (cpu_time() - cpu) / 1e6, "ns/timer(cpu)", format!("wall_s={:.2}", start.elapsed().as_secs_f64()));
}

async fn cancel_and_join(repeats: usize) {
    const COUNT: usize = 100_000;
    let mut times = vec![];
    for _ in 0..=repeats {
        let tasks: Vec<JoinHandle<()>> = (0..COUNT).map(|_| spawn(async { sleep(Duration::from_secs(3600)).await })).collect();
        yields(2).await;
        let start = Instant::now();
        tasks.iter().for_each(|task| task.abort());
        for task in tasks {
            assert!(task.await.unwrap_err().is_cancelled());
        }
        times.push(start.elapsed().as_nanos() as f64 / COUNT as f64);
    }
    times.remove(0);
    let time = median(&mut times);
    line("i.cancel_join", time, "ns/op", format!("min={:.1} max={:.1} n={repeats}", times[0], times[repeats - 1]));
}

async fn run(group: &str, n: usize) -> bool {
    match group {
        "a" => bench("a.spawn_join", 1e6, n, spawn_and_join).await,
        "b" => {
            bench("b.yield_2x1M", 2e6, n, || all(2, |_| yields(1_000_000))).await;
            bench("b.yield_1000x1000", 1e6, n, || all(1000, |_| yields(1000))).await;
        }
        "c" => {
            bench("c.depth100_yield", 2e6, n, || async { for _ in 0..20_000 { suspends(100).await; } }).await;
            bench("c.depth100_nosuspend", 2e6, n, || async { for _ in 0..20_000 { does_not_suspend(100).await; } }).await;
        }
        "d" => {
            bench("d.queue_cap1", 1e6, n, || queue(1)).await;
            bench("d.queue_cap128", 1e6, n, || queue(128)).await;
        }
        "e" => bench("e.lock_handoff", 1e6, n, || async {
            let mutex = Arc::new(Mutex::new(()));
            all(100, |_| {
                let mutex = mutex.clone();
                async move {
                    for _ in 0..10_000 {
                        let _guard = mutex.lock().await;
                        yield_now().await;
                    }
                }
            }).await
        }).await,
        "f" => bench("f.semaphore", 1e4, 21, || async {
            let permits = Arc::new(Semaphore::new(100));
            all(10_000, |_| {
                let permits = permits.clone();
                async move {
                    let _permit = permits.acquire().await.unwrap();
                    yield_now().await;
                }
            }).await
        }).await,
        "g1" => timers_fire().await,
        "g2" => {
            bench("g.timeout_wrap_yield", 2e5, n, || async {
                for _ in 0..200_000 {
                    timeout(Duration::from_secs(60), yield_now()).await.unwrap();
                }
            }).await;
        }
        "i" => cancel_and_join(n).await,
        _ => return false,
    }
    true
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let repeats = arguments.get(2).map_or(5, |text| text.parse().expect("a number of repeats"));
    // With I/O enabled, as in any real program: it asks the operating system for events each round.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let group = arguments.get(1).cloned().unwrap_or_default();
    let known = runtime.block_on(async move { spawn(async move { run(&group, repeats).await }).await.unwrap() });
    if !known {
        std::process::exit(2);
    }
}
