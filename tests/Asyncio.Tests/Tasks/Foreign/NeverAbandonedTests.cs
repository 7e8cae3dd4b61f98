using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Asyncio.Tests.Coroutines;
using Asyncio.Tests.Runtime;
using Xunit;

namespace Asyncio.Tests.Tasks.Foreign;

/// <summary>An operation behind an <c>IValueTaskSource</c> may own the caller's buffer: it is waited for, and the cancellation comes at the next await.</summary>
public class NeverAbandonedTests
{
    [Fact]
    public void A_socket_read_into_a_pooled_buffer() => OnLoop.Run(async () =>
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port);
        using var server = await listener.AcceptTcpClientAsync();
        var read = 0;
        byte[]? content = null;
        var next = false;
        var task = Aio.CreateTask(Reader());
        await Aio.Sleep(0.02);
        task.Cancel();
        await Aio.Sleep(0.05);
        Assert.False(task.Done());
        await client.GetStream().WriteAsync(new byte[] { 1, 2, 3, 4 });
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal([1, 2, 3, 4], content![..read]);
        Assert.False(next);

        async Coroutine Reader()
        {
            var buffer = ArrayPool<byte>.Shared.Rent(1_024);
            try
            {
                read = await server.GetStream().ReadAsync(buffer);
                content = [.. buffer];
                await Aio.Yield();
                next = true;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    });

    [Fact]
    public void A_socket_read_that_was_handed_the_token_ends_at_once() => OnLoop.Run(async () =>
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port);
        using var server = await listener.AcceptTcpClientAsync();
        var task = Aio.CreateTask(Reader());
        await Aio.Sleep(0.02);
        task.Cancel("token");
        Assert.Equal("token", (await OnLoop.Throws<CancelledException>(async () => await task)).CancelMessage);
        Assert.True(task.IsCanceled);

        async Coroutine Reader()
        {
            var buffer = new byte[16];
            Assert.Equal(0, await server.GetStream().ReadAsync(buffer, Aio.CancellationToken));
        }
    });

    [Fact]
    public void An_item_of_a_channel_is_not_lost() => OnLoop.Run(async () =>
    {
        foreach (var handlers in new[] { false, true })
        {
            var channel = Channel.CreateUnbounded<int>();
            var got = new List<int>();
            var task = Aio.CreateTask(handlers ? Guarded() : Plain());
            await OnLoop.Iterations(2);
            task.Cancel();
            await Aio.Sleep(0.01);
            Assert.False(task.Done());
            channel.Writer.TryWrite(1);
            channel.Writer.TryWrite(2);
            await OnLoop.Throws<CancelledException>(async () => await task);
            Assert.Equal([1], got);
            Assert.Equal(2, await channel.Reader.ReadAsync());

            async Coroutine Plain()
            {
                got.Add(await channel.Reader.ReadAsync());
                await Aio.Sleep(1_000);
            }

            async Coroutine Guarded()
            {
                try
                {
                    await Plain();
                }
                finally
                {
                    await Aio.Yield();
                }
            }
        }
    });

    [Fact]
    public void An_iterators_MoveNextAsync_runs_to_its_end() => OnLoop.Run(async () =>
    {
        var gate = new TaskCompletionSource();
        var log = new List<string>();
        var task = Aio.CreateTask(Body());
        await OnLoop.Iterations(3);
        task.Cancel();
        await Aio.Sleep(0.01);
        Assert.False(task.Done());
        gate.SetResult();
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal(["item", "iterator ends"], log);

        async Coroutine Body()
        {
            await foreach (var _ in Items())
            {
                log.Add("item");
                await Aio.Yield();
                log.Add("not reached");
            }
        }

        async IAsyncEnumerable<int> Items([EnumeratorCancellation] CancellationToken token = default)
        {
            try
            {
                await gate.Task;
                yield return 1;
            }
            finally
            {
                log.Add("iterator ends");
            }
        }
    });

    [Fact]
    public void Task_Yield_and_custom_awaiters_leave_it_to_the_next_await() => OnLoop.Run(async () =>
    {
        var passed = false;
        var task = Aio.CreateTask(Body());
        await Aio.Yield();
        task.Cancel();
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.True(passed);

        async Coroutine Body()
        {
            await Task.Yield();
            passed = true;
            await Aio.Sleep(1_000);
        }
    });

    [Fact]
    public void Within_Uninterrupted_a_task_of_dotnet_is_waited_for_too() => OnLoop.Run(async () =>
    {
        var source = new TaskCompletionSource<int>();
        var got = 0;
        var second = false;
        var task = Aio.CreateTask(Body());
        await OnLoop.Iterations(2);
        task.Cancel();
        await Aio.Sleep(0.01);
        Assert.False(task.Done());
        source.SetResult(3);
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal(4, got);
        Assert.False(second);

        async Coroutine Body()
        {
            using (Aio.Uninterrupted())
            {
                got = await source.Task;
                got += await Helper();
            }

            await Task.Delay(1_000_000);
            second = true;
        }

        static async Task<int> Helper()
        {
            await Aio.Sleep(0.01);
            return 1;
        }
    });

    [Fact]
    public void Debug_mode_says_which_await_holds_a_cancelled_task_up()
    {
        using var said = new StringWriter();
        var channel = Channel.CreateUnbounded<int>();
        using var factory = new Logging(said);
        OnLoop.InThread(() =>
        {
            using var loop = new EventLoop(new EventLoopOptions { Debug = true, LoggerFactory = factory, TimeProvider = new JumpingClock() });
            loop.RunUntilComplete(Main());
        });
        Assert.Contains("HeldUp", said.ToString(), StringComparison.Ordinal);

        async Coroutine Main()
        {
            var task = Aio.CreateTask(HeldUp());
            await Aio.Yield();
            task.Cancel();
            await Aio.Sleep(1.2);
            channel.Writer.TryWrite(1);
            await OnLoop.Throws<CancelledException>(async () => await task);
        }

        async Coroutine HeldUp() => await channel.Reader.ReadAsync();
    }

    private sealed class Logging(TextWriter writer) : Microsoft.Extensions.Logging.ILoggerFactory, Microsoft.Extensions.Logging.ILogger
    {
        public void AddProvider(Microsoft.Extensions.Logging.ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            writer.WriteLine(formatter(state, exception));
    }
}
