namespace Asyncio.Files;

/// <summary>How a file is opened, in .NET's words and in those of Python's <c>open()</c>.</summary>
internal static class FileModes
{
    internal static FileAccess UsualAccess(FileMode mode) => mode switch
    {
        FileMode.Open => FileAccess.Read,
        FileMode.Append => FileAccess.Write,
        _ => FileAccess.ReadWrite,
    };

    /// <param name="mode">As Python's, for example <c>r+b</c>.</param>
    /// <param name="binary">What the caller opens: a <c>b</c> or a <c>t</c> must agree.</param>
    internal static (FileMode Mode, FileAccess Access) Parse(string mode, bool binary)
    {
        ArgumentNullException.ThrowIfNull(mode);
        var (kinds, both, isBinary, isText) = (mode.Where("rwax".Contains).ToArray(), Has('+'), Has('b'), Has('t'));
        if (kinds is not [var kind] || mode.Any(c => !"rwax+bt".Contains(c)) || mode.Distinct().Count() != mode.Length)
        {
            throw new ArgumentException($"Invalid mode: '{mode}'. It is one of r, w, a and x, with + for reading and writing, b for bytes, t for text.", nameof(mode));
        }

        if (binary ? isText : isBinary)
        {
            throw new ArgumentException($"Mode '{mode}' is for {(binary ? "text: use Aio.OpenTextFile" : "bytes: use Aio.OpenFile")}.", nameof(mode));
        }

        return (kind, both) switch
        {
            ('r', false) => (FileMode.Open, FileAccess.Read),
            ('r', true) => (FileMode.Open, FileAccess.ReadWrite),
            ('w', false) => (FileMode.Create, FileAccess.Write),
            ('w', true) => (FileMode.Create, FileAccess.ReadWrite),
            ('x', false) => (FileMode.CreateNew, FileAccess.Write),
            ('x', true) => (FileMode.CreateNew, FileAccess.ReadWrite),
            ('a', false) => (FileMode.Append, FileAccess.Write),
            _ => (FileMode.Append, FileAccess.ReadWrite),
        };

        bool Has(char c) => mode.Contains(c);
    }
}
