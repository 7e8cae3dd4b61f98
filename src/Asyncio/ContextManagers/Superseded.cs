namespace Asyncio;

/// <summary>What becomes of an exception when leaving a scope throws another one: Python keeps it as that one's context, .NET would lose it.</summary>
internal static class Superseded
{
    private const string Key = "Asyncio.Superseded";

    /// <summary>Leaves with an exception, or with none; another one that this throws keeps it.</summary>
    internal static async Coroutine<bool> Guard(Func<Exception?, Coroutine<bool>> exit, Exception? error)
    {
        try
        {
            return await exit(error);
        }
        catch (Exception later) when (!ReferenceEquals(later, error))
        {
            if (!later.Data.Contains(Key))
            {
                later.Data[Key] = error; // null, too: whoever guards the whole has nothing to add
            }

            throw;
        }
    }
}
