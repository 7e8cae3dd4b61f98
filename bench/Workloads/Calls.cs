using Harness;

namespace Asyncio.Workloads;

/// <summary>Coroutines that await coroutines, a hundred deep; the figures are those of one frame.</summary>
internal static class Calls
{
    private const int Depth = 100;

    internal static async Coroutine AwaitedCalls()
    {
        await Bench.Run("c.depth100_yield", 20_000.0 * Depth, async () =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                Check.Equal(await Suspends(Depth), Depth);
            }
        });
        await Bench.Run("c.depth100_nosuspend", 20_000.0 * Depth, async () =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                Check.Equal(await DoesNotSuspend(Depth), Depth);
            }
        });
    }

    internal static async Coroutine Exceptions()
    {
        await Bench.Run("m.exception_depth100", 200.0 * Depth, () => Catch(200, () => SuspendsAndThrows(Depth)));
        await Bench.Run("m.exception_depth100_nosuspend", 200.0 * Depth, () => Catch(200, () => Throws(Depth)));
    }

    private static async Coroutine<int> Suspends(int depth)
    {
        if (depth == 0)
        {
            await Aio.Sleep(0);
            return 0;
        }

        return 1 + await Suspends(depth - 1);
    }

    private static async Coroutine<int> DoesNotSuspend(int depth)
    {
        if (depth == 0)
        {
            return 0;
        }

        return 1 + await DoesNotSuspend(depth - 1);
    }

    private static async Coroutine<int> SuspendsAndThrows(int depth)
    {
        if (depth == 0)
        {
            await Aio.Sleep(0);
            throw new ExpectedException();
        }

        return 1 + await SuspendsAndThrows(depth - 1);
    }

    private static async Coroutine<int> Throws(int depth)
    {
        if (depth == 0)
        {
            throw new ExpectedException();
        }

        return 1 + await Throws(depth - 1);
    }

    private static async Coroutine Catch(int times, Func<Coroutine<int>> failing)
    {
        for (var i = 0; i < times; i++)
        {
            try
            {
                await failing();
            }
            catch (ExpectedException)
            {
                continue;
            }

            throw new InvalidOperationException("nothing was thrown");
        }
    }
}
