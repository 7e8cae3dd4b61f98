namespace Asyncio.Files;

/// <summary>A directory on the way of <see cref="AsyncDirectory.WalkAsync"/>: the tuple that <c>os.walk()</c> gives.</summary>
/// <param name="Path">The directory.</param>
/// <param name="Directories">The names of those in it. What is taken out before the walk goes on is not walked, and the order is that of the list.</param>
/// <param name="Files">The names of everything else.</param>
public sealed record DirectoryWalk(string Path, IList<string> Directories, IReadOnlyList<string> Files);
