using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>Strings as C takes them: an array of pointers to UTF-8, a null at its end.</summary>
internal readonly unsafe struct NativeStrings : IDisposable
{
    private readonly int _count;

    /// <exception cref="ArgumentException">One has a null character: C would take it for the end.</exception>
    internal NativeStrings(IReadOnlyCollection<string> strings)
    {
        foreach (var text in strings)
        {
            CheckText(text);
        }

        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)strings.Count + 1, (nuint)sizeof(byte*));
        foreach (var text in strings)
        {
            Pointer[_count++] = (byte*)Marshal.StringToCoTaskMemUTF8(text);
        }
    }

    internal byte** Pointer { get; }

    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
        {
            Marshal.FreeCoTaskMem((nint)Pointer[i]);
        }

        NativeMemory.Free(Pointer);
    }

    internal static void CheckText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('\0'))
        {
            throw new ArgumentException("embedded null character: what is given to a process cannot contain one.");
        }
    }
}
