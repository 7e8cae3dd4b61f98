using Asyncio.LowLevel;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Asyncio.IO.Tests.Reactors.Uring;

/// <summary>Requests for files. Where one has to be under way for as long as the test wants, it reads or writes a pipe.</summary>
public sealed class UringFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Only_io_uring_takes_files()
    {
        foreach (var kind in new[] { ReactorKind.IoUring, ReactorKind.Epoll, ReactorKind.Portable })
        {
            using var rig = new Rig(kind);
            Assert.Equal(kind == ReactorKind.IoUring, rig.Reactor.Files is not null);
        }
    }

    [Theory, InlineData(1), InlineData(4096), InlineData(3_000_000)] // done at once, or by a kernel thread
    public void Places_are_written_and_read(int length)
    {
        using var rig = new Rig(ReactorKind.IoUring);
        using var file = Open();
        var data = CountingStream.Take(0, length);
        Assert.Equal((length, 0), Do(rig, new(FileOperation.Write, file, data.ToArray(), 1000)));
        Assert.Equal((0, 0), Do(rig, new(FileOperation.Flush, file)));
        var buffer = new byte[length + 1];
        Assert.Equal((length, 0), Do(rig, new(FileOperation.Read, file, buffer, 1000)));
        Assert.Equal(data, buffer[..length]);
        Assert.Equal((0, 0), Do(rig, new(FileOperation.Read, file, buffer, 1000 + length)));
        Assert.Equal((0, 0), Do(rig, new(FileOperation.Write, file, Memory<byte>.Empty, 1000)));
        Assert.Equal(1000 + length, RandomAccess.GetLength(file));
        Assert.Equal(0, rig.Reactor.Active);
    }

    [Fact]
    public void Errors_are_told_with_what_was_done_before()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        Assert.Equal((0, Errno.ENOSPC), Do(rig, new(FileOperation.Write, full, new byte[10])));
        using var memory = File.OpenHandle("/proc/self/mem");
        Assert.Equal((0, Errno.EIO), Do(rig, new(FileOperation.Read, memory, new byte[10])));
        using var reading = File.OpenHandle(_path);
        Assert.Equal((0, Errno.EBADF), Do(rig, new(FileOperation.Write, reading, new byte[10])));
        reading.Dispose();
        Assert.Throws<ObjectDisposedException>(() => rig.Reactor.Files!.Submit(new TestFileRequest(FileOperation.Read, reading, new byte[10])));
        Assert.Equal(0, rig.Reactor.Active);
    }

    [Fact]
    public void More_requests_than_the_queues_hold()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        using var file = Open();
        var requests = Enumerable.Range(0, 20_000).Select(n => new TestFileRequest(FileOperation.Write, file, new[] { (byte)n }, n)).ToArray();
        Assert.All(requests, rig.Reactor.Files!.Submit);
        Assert.Equal(requests.Length, rig.Reactor.Active);
        rig.Until(() => rig.Reactor.Active == 0, "all are written");
        Assert.All(requests, request => Assert.Equal((1, 1, 0), (request.Completions, request.Count, request.Outcome)));
        Assert.Equal(requests.Select((_, n) => (byte)n), File.ReadAllBytes(_path));
    }

    [Fact]
    public void What_has_not_begun_is_cancelled_and_what_has_ended_is_not()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        using var file = Open();
        var request = new TestFileRequest(FileOperation.Write, file, new byte[10]);
        rig.Reactor.Files!.Submit(request); // before the first poll: nothing is handed over
        rig.Reactor.Files.Cancel(request);
        rig.Until(() => request.Completions == 1, "it is told");
        Assert.Equal((0, Errno.ECANCELED), (request.Count, request.Outcome));
        Assert.Equal(0, RandomAccess.GetLength(file));
        rig.Reactor.Files.Cancel(request); // it has been told: nothing to cancel
        Assert.Equal((10, 0), Do(rig, request));
        rig.Reactor.Files.Cancel(request);
        rig.Settle();
        Assert.Equal(2, request.Completions);
    }

    [Fact]
    public void A_cancelled_write_has_had_no_effect_or_all()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        using var file = Open();
        var dice = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            RandomAccess.SetLength(file, 0);
            var data = new byte[dice.Next(3) == 0 ? 1_000_000 : 10_000];
            var request = new TestFileRequest(FileOperation.Write, file, data);
            rig.Reactor.Files!.Submit(request);
            for (var polls = dice.Next(3); polls > 0; polls--)
            {
                rig.Reactor.Poll();
            }

            rig.Reactor.Files.Cancel(request);
            rig.Until(() => request.Completions == 1, "it ends");
            Assert.Equal(request.Outcome == 0 ? data.Length : 0, request.Count);
            Assert.Equal(request.Count, RandomAccess.GetLength(file));
        }
    }

    [Fact]
    public void What_waits_is_cancelled_at_once()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (reading, writing) = Descriptors.OpenPipe();
        var request = new TestFileRequest(FileOperation.Read, rig.Keep(reading), new byte[10], FileRequest.CurrentPosition);
        rig.Keep(writing);
        rig.Reactor.Files!.Submit(request);
        rig.Settle();
        Assert.Equal(0, request.Completions);
        rig.Reactor.Files.Cancel(request);
        rig.Reactor.Files.Cancel(request);
        rig.Until(() => request.Completions == 1, "it ends");
        Assert.Equal((0, Errno.ECANCELED), (request.Count, request.Outcome));
    }

    [Fact]
    public void A_write_that_has_begun_is_carried_on_whatever_is_asked_for()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (request, reading) = BeginLongWrite(rig);
        rig.Reactor.Files!.Cancel(request);
        rig.Settle();
        Assert.Equal(0, request.Completions);
        var read = new MemoryStream();
        var reader = ReadAll(reading, read);
        rig.Until(() => request.Completions == 1, "it is written to its end");
        Assert.Equal((request.Buffer.Length, 0), (request.Count, request.Outcome));
        request.Handle!.Dispose();
        reader.Join();
        Assert.Equal(request.Buffer.ToArray(), read.ToArray());
    }

    [Fact]
    public void Asked_for_before_it_has_begun_a_cancellation_still_tears_nothing()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (reading, writing) = Descriptors.OpenPipe();
        var request = new TestFileRequest(FileOperation.Write, rig.Keep(writing), CountingStream.Take(0, 200_000), 0); // neither so long nor without a position that it would not be tried at once
        rig.Reactor.Poll();
        rig.Reactor.Files!.Submit(request);
        rig.Reactor.Files.Cancel(request); // both go to the kernel with the next poll, and the write is first
        rig.Settle();
        Assert.InRange(request.Progress, 1, request.Buffer.Length - 1);
        var read = new MemoryStream();
        var reader = ReadAll(reading, read);
        rig.Until(() => request.Completions == 1, "it ends");
        request.Handle!.Dispose();
        reader.Join();
        Assert.Equal((request.Buffer.Length, 0), (request.Count, request.Outcome));
        Assert.Equal(request.Buffer.ToArray(), read.ToArray());
    }

    [Theory, InlineData(false), InlineData(true)]
    public void At_the_end_of_a_run_the_rest_of_a_write_is_written_on_the_spot(bool dispose)
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (request, reading) = BeginLongWrite(rig);
        var read = new MemoryStream();
        var reader = ReadAll(reading, read);
        if (dispose)
        {
            rig.Reactor.Dispose();
            Assert.Equal(1, request.Completions); // there is no next poll
        }
        else
        {
            rig.Reactor.Leave();
            Assert.Equal(0, request.Completions); // told by the next poll
        }

        request.Handle!.Dispose();
        reader.Join();
        Assert.Equal(request.Buffer.ToArray(), read.ToArray());
        if (!dispose)
        {
            rig.Until(() => request.Completions == 1, "it is told");
        }

        Assert.Equal((request.Buffer.Length, 0), (request.Count, request.Outcome));
        Assert.Equal(0, rig.Reactor.Active);
    }

    [Fact]
    public void The_handle_is_held_until_the_end()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        var (reading, writing) = Descriptors.OpenPipe();
        var number = reading.DangerousGetHandle();
        var buffer = new byte[10];
        var request = new TestFileRequest(FileOperation.Read, reading, buffer, FileRequest.CurrentPosition);
        rig.Reactor.Files!.Submit(request);
        reading.Dispose(); // before the kernel has it: another file would get the number
        rig.Settle();
        Assert.True(File.Exists($"/proc/self/fd/{number}") || Directory.Exists($"/proc/self/fd/{number}") || new FileInfo($"/proc/self/fd/{number}").LinkTarget is not null);
        using (var stream = new FileStream(writing, FileAccess.Write, 0))
        {
            stream.Write([1, 2, 3]);
        }

        rig.Until(() => request.Completions == 1, "it is read");
        Assert.Equal(3, request.Count);
        Assert.Null(new FileInfo($"/proc/self/fd/{number}").LinkTarget);
    }

    [Fact]
    public void Leaving_again_and_again_repeats_and_loses_nothing()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        using var file = Asyncio.Files.AppendingHandle.Open(_path, FileAccess.ReadWrite, FileShare.ReadWrite, FileOptions.None);
        var dice = new Random(5);
        var told = 0;
        for (var round = 0; round < 100; round++)
        {
            var requests = Enumerable.Range(0, 20).Select(n => new TestFileRequest(FileOperation.Write, file, new byte[] { (byte)round }, FileRequest.CurrentPosition)).ToArray();
            var thread = new Thread(() =>
            {
                Assert.All(requests, rig.Reactor.Files!.Submit);
                for (var polls = dice.Next(3); polls > 0; polls--)
                {
                    rig.Reactor.Poll();
                }

                rig.Reactor.Leave();
                told = requests.Count(request => request.Completions > 0);
            });
            thread.Start();
            thread.Join();
            var settled = requests.Count(request => request.Completions > 0);
            Assert.Equal(told, settled);
            thread = new Thread(() =>
            {
                rig.Until(() => rig.Reactor.Active == 0, "all are written");
                rig.Reactor.Leave();
            });
            thread.Start();
            thread.Join();
            Assert.All(requests, request => Assert.Equal((1, 1, 0), (request.Completions, request.Count, request.Outcome)));
            Assert.Equal(20 * (round + 1), RandomAccess.GetLength(file)); // each goes to the end: one that was done twice would show
        }
    }

    [Fact]
    public void Disposing_ends_what_is_under_way_and_lets_go_of_the_buffers()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        using var file = Open();
        var (reading, writing) = Descriptors.OpenPipe();
        using var closed = writing;
        var requests = Enumerable.Range(0, 100).Select(n => new TestFileRequest(FileOperation.Write, file, new byte[300_000], n * 300_000L))
            .Append(new TestFileRequest(FileOperation.Read, reading, new byte[10], FileRequest.CurrentPosition)).ToArray();
        rig.Reactor.Poll();
        Assert.All(requests, rig.Reactor.Files!.Submit);
        rig.Reactor.Poll();
        reading.Dispose();
        rig.Reactor.Dispose();
        Assert.All(requests, request =>
        {
            Assert.Equal(1, request.Completions);
            Assert.Equal((request.Count, request.Outcome), request.Outcome == 0 ? (request.Buffer.Length, 0) : (0, Errno.ECANCELED));
            unsafe
            {
                Assert.True(request.Pin.Pointer == null);
            }
        });
    }

    [Fact]
    public void The_steady_state_allocates_nothing()
    {
        using var rig = new Rig(ReactorKind.IoUring);
        using var file = Open();
        var write = new TestFileRequest(FileOperation.Write, file, new byte[100]);
        var read = new TestFileRequest(FileOperation.Read, file, new byte[100]);
        Repeat();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Repeat();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Repeat()
        {
            for (var i = 0; i < 1_000; i++)
            {
                var completions = write.Completions + read.Completions;
                rig.Reactor.Files!.Submit(write);
                rig.Reactor.Files.Submit(read);
                while (write.Completions + read.Completions < completions + 2)
                {
                    rig.Reactor.Wait(1);
                }
            }
        }
    }

    public void Dispose() => File.Delete(_path);

    private SafeFileHandle Open() => File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    private static (int Count, int Error) Do(Rig rig, TestFileRequest request)
    {
        var completions = request.Completions;
        rig.Reactor.Files!.Submit(request);
        Assert.Equal(completions, request.Completions);
        rig.Until(() => request.Completions > completions, $"{request.Operation} completes");
        Assert.Equal(completions + 1, request.Completions);
        return (request.Count, request.Outcome);
    }

    /// <summary>A part of it stands in a pipe that is full.</summary>
    private static (TestFileRequest Request, SafeFileHandle Reading) BeginLongWrite(Rig rig)
    {
        var (reading, writing) = Descriptors.OpenPipe();
        var request = new TestFileRequest(FileOperation.Write, rig.Keep(writing), CountingStream.Take(0, 400_000), FileRequest.CurrentPosition);
        rig.Reactor.Poll();
        rig.Reactor.Files!.Submit(request);
        rig.Until(() => request.Progress > 0, "the pipe is full");
        Assert.InRange(request.Progress, 1, request.Buffer.Length - 1);
        return (request, rig.Keep(reading));
    }

    private static Thread ReadAll(SafeFileHandle reading, MemoryStream target)
    {
        var thread = new Thread(() =>
        {
            using var stream = new FileStream(reading, FileAccess.Read, 0);
            stream.CopyTo(target);
        });
        thread.Start();
        return thread;
    }
}
