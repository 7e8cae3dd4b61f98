using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Synchronization;

public class AsyncLockReleaserTests
{
    [Fact]
    public void Disposing_twice_does_not_free_the_lock_for_somebody_else() => OnLoop.Run(async () =>
    {
        var mutex = new AsyncLock();
        var first = await mutex.AcquireAsync();
        first.Dispose();
        var second = await mutex.AcquireAsync();
        first.Dispose();
        Assert.True(mutex.IsLocked);
        second.Dispose();
        Assert.False(mutex.IsLocked);
    });

    [Fact]
    public void One_that_had_to_wait_releases_its_own_taking() => OnLoop.Run(async () =>
    {
        var mutex = new AsyncLock();
        var first = await mutex.AcquireAsync();
        var waiter = Aio.CreateTask(mutex.AcquireAsync());
        await Aio.Yield();
        first.Dispose();
        var second = await waiter;
        first.Dispose();
        Assert.True(mutex.IsLocked);
        second.Dispose();
        Assert.False(mutex.IsLocked);
    });
}
