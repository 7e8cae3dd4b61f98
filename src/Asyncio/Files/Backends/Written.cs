namespace Asyncio.Files;

/// <summary>What came of a write.</summary>
/// <param name="End">The position after it. Of a file that is appended to, that is where the file ended then.</param>
/// <param name="Count">How many bytes were written.</param>
/// <param name="Error">Why not all of them were. Thrown instead, it says nothing of how many were: then they may be written again.</param>
internal readonly record struct Written(long End, int Count, Exception? Error = null);
