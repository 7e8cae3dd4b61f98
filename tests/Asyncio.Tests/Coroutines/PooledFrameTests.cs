using System.Runtime.CompilerServices;
using Xunit;

namespace Asyncio.Tests.Coroutines;

public class PooledFrameTests
{
    [Fact]
    public void A_frame_that_was_given_back_keeps_nothing_alive() => OnLoop.Run(async () =>
    {
        var argument = await Use(static made => Hold(made));
        var failed = await Use(static made => Fail(made));
        var cancelled = await Use(static made => Cancelled(made));
        var closed = Close();
        OnLoop.CollectGarbage();
        Assert.False(argument.IsAlive);
        Assert.False(failed.IsAlive);
        Assert.False(cancelled.IsAlive);
        Assert.False(closed.IsAlive);

        static async Coroutine<object> Hold(object held)
        {
            var local = held;
            await Aio.Yield();
            await Aio.Sleep(0.001, local);
            return local;
        }

        static async Coroutine<object> Fail(object held)
        {
            await Aio.Yield();
            throw new FormatException { Data = { ["held"] = held } };
        }

        static async Coroutine<object> Cancelled(object held)
        {
            var task = Aio.CreateTask(Hold(held));
            await Aio.Yield();
            task.Cancel();
            return await task;
        }
    });

    [Fact]
    public void A_reused_frame_begins_afresh() => OnLoop.Run(async () =>
    {
        for (var i = 0; i < 10; i++)
        {
            await OnLoop.Throws<FormatException>(async () => await Sometimes(fail: true));
            Assert.Equal("fine", await Sometimes(fail: false));
            var task = Aio.CreateTask(Sometimes(fail: false));
            await Aio.Yield();
            task.Cancel();
            await OnLoop.Throws<CancelledException>(async () => await task);
            Assert.Null(await Nothing());
        }

        static async Coroutine<string> Sometimes(bool fail)
        {
            await Aio.Sleep(0.0001);
            return fail ? throw new FormatException() : "fine";
        }

        static async Coroutine<string?> Nothing()
        {
            await Aio.Yield();
            return null;
        }
    });

    [Fact]
    public void Results_of_every_kind() => OnLoop.Run(async () =>
    {
        Assert.Equal("text", await Give("text"));
        Assert.Null(await Give<string?>(null));
        Assert.Equal(7, await Give(7));
        Assert.Equal((int?)null, await Give<int?>(null));
        Assert.Equal(5, await Give<int?>(5));
        Assert.Equal((1, "two", 3.0), await Give((1, "two", 3.0)));
        var large = new Large(1, 2, 3, 4, 5, 6, "seven");
        Assert.Equal(large, await Give(large));
        Assert.Equal(large, await Aio.CreateTask(Give(large)));
        Assert.Equal(large, await Coroutine.FromResult(large));
        var (left, right) = await Give((Left: 1, Right: 2));
        Assert.Equal(3, left + right);
        Assert.Equal(large, await Sleeping(large));

        static async Coroutine<T> Give<T>(T value)
        {
            await Aio.Yield();
            return value;
        }

        static async Coroutine<T> Sleeping<T>(T value) => await Aio.Sleep(0.001, value);
    });

    [Fact]
    public void Frames_made_on_many_threads_end_on_one() => OnLoop.Run(async () =>
    {
        for (var round = 0; round < 20; round++)
        {
            var made = new Coroutine<int>[200];
            await Task.Run(() => Parallel.For(0, made.Length, i => { made[i] = Square(i); }));
            for (var i = 0; i < made.Length; i++)
            {
                Assert.Equal(i * i, await made[i]);
            }
        }

        static async Coroutine<int> Square(int value)
        {
            await Aio.Yield();
            return value * value;
        }
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Coroutine<WeakReference> Use(Func<object, Coroutine<object>> use)
    {
        var weak = new WeakReference(null);
        await Aio.CreateTask(UseUp(use, weak));
        return weak;
    }

    private static async Coroutine UseUp(Func<object, Coroutine<object>> use, WeakReference weak)
    {
        try
        {
            await use(Make(weak));
        }
        catch (Exception e) when (e is FormatException or CancelledException)
        {
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static object Make(WeakReference weak)
    {
        var made = new object();
        weak.Target = made;
        return made;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Close()
    {
        var weak = new WeakReference(null);
        Body(Make(weak)).Close();
        return weak;

        static async Coroutine Body(object held)
        {
            await Aio.Yield();
            GC.KeepAlive(held);
        }
    }

    private readonly record struct Large(long A, long B, long C, long D, long E, long F, string G);
}
