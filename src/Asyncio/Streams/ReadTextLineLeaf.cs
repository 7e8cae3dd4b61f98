using System.Runtime.CompilerServices;
using System.Text;

namespace Asyncio;

/// <summary>Reads a line as text, without what ends it; null at the end of the stream.</summary>
internal sealed class ReadTextLineLeaf : LineLeaf<string?>
{
    [ThreadStatic]
    private static FramePool t_pool;

    protected override string Call => "ReadTextLineAsync";

    internal static Coroutine<string?> Create(AsyncStreamReader reader)
    {
        var leaf = Unsafe.As<ReadTextLineLeaf?>(t_pool.Rent()) ?? new ReadTextLineLeaf();
        leaf.Separators = Separators.Newline;
        return leaf.Start(reader);
    }

    protected override string? Convert(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return null;
        }

        if (data[^1] == '\n')
        {
            data = data[..^1];
            data = data is [.., (byte)'\r'] ? data[..^1] : data;
        }

        return Encoding.UTF8.GetString(data);
    }

    internal override void Release()
    {
        Forget();
        t_pool.Return(this);
    }
}
