// What signals do to a program. The argument says which.

using System.Runtime.InteropServices;
using Asyncio;

switch (args.FirstOrDefault())
{
    case "serve":
        return Aio.Run(async Coroutine<int> () =>
        {
            EventLoop.Running!.CallSoon(() => Console.WriteLine("ready")); // when the enumeration waits
            await foreach (var signal in Aio.Signals(PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT))
            {
                Console.WriteLine(signal);
                if (signal == PosixSignal.SIGTERM)
                {
                    return 5;
                }
            }

            return 1;
        });
    case "interrupts":
        Aio.Run(async () =>
        {
            var loop = EventLoop.Running!;
            var count = 0;
            loop.AddSignalHandler(PosixSignal.SIGINT, () =>
            {
                Console.WriteLine($"handled {++count}");
                if (count == 3)
                {
                    loop.RemoveSignalHandler(PosixSignal.SIGINT);
                    Console.WriteLine("removed");
                }
            });
            Console.WriteLine("ready");
            try
            {
                await Aio.Sleep(3600);
            }
            finally
            {
                Console.WriteLine("cancelled");
            }
        });
        return 1;
    case "taken": // the handler has removed itself before the runtime tells the runner of the same signal
        Action? told = null;
        using (PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => told?.Invoke())) // the first to register is told last
        {
            Aio.Run(async () =>
            {
                var loop = EventLoop.Running!;
                var all = new Future<Unit>();
                told = () => loop.CallSoonThreadsafe(() => all.TrySetResult(default));
                using var removed = new ManualResetEventSlim();
                using var between = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => removed.Wait());
                loop.AddSignalHandler(PosixSignal.SIGINT, () =>
                {
                    loop.RemoveSignalHandler(PosixSignal.SIGINT);
                    removed.Set();
                });
                Console.WriteLine("ready");
                try
                {
                    await all;
                    Console.WriteLine("went on");
                    await Aio.Sleep(3600);
                }
                finally
                {
                    Console.WriteLine("cancelled");
                }
            });
        }

        return 1;
    case "removed":
        Aio.Run(async () =>
        {
            var loop = EventLoop.Running!;
            var got = new Future<Unit>();
            loop.AddSignalHandler(PosixSignal.SIGTERM, () => got.SetResult(default));
            Console.WriteLine("ready");
            await got;
            loop.RemoveSignalHandler(PosixSignal.SIGTERM);
            Console.WriteLine("removed");
            await Aio.Sleep(3600);
        });
        return 1;
    case "closed":
        Aio.Run(async () =>
        {
            EventLoop.Running!.AddSignalHandler(PosixSignal.SIGTERM, () => { });
            await Aio.Sleep(0);
        });
        Console.WriteLine("ready");
        Thread.Sleep(Timeout.Infinite);
        return 1;
    default:
        return 2;
}
