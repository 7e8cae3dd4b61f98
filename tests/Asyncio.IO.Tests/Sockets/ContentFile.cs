namespace Asyncio.IO.Tests.Sockets;

/// <summary>A temporary file with known content, gone when disposed of.</summary>
internal sealed class ContentFile : IDisposable
{
    public ContentFile(int length, int seed = 7)
    {
        Content = new byte[length];
        new Random(seed).NextBytes(Content);
        File.WriteAllBytes(Path, Content);
    }

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public byte[] Content { get; }

    public FileStream Open(FileAccess access = FileAccess.Read) => new(Path, FileMode.Open, access, FileShare.ReadWrite);

    public void Dispose() => File.Delete(Path);
}
