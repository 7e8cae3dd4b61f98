namespace Asyncio;

/// <summary>Something of .NET's that has ended on some thread, and whose end is told in a poll.</summary>
internal interface IPortableEnd
{
    /// <summary>On the loop's thread.</summary>
    void End();
}
