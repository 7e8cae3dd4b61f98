using System.Globalization;
using System.Text;
using Asyncio.Redis.Resp;

namespace Asyncio.Redis.Tests.Resp;

/// <summary>Runs the reader over bytes in pieces, and writes down what it gives in a form that two runs can be compared by.</summary>
internal static class RespText
{
    /// <summary>All replies, a line each; the last line is the error, or what is left open.</summary>
    public static string Read(byte[] bytes, Func<int, int> nextPiece, long maxLength = 1 << 20, int maxDepth = 8)
    {
        var reader = new RespReader(maxLength, maxDepth);
        var text = new StringBuilder();
        try
        {
            for (var at = 0; at < bytes.Length;)
            {
                var count = Math.Clamp(nextPiece(at), 1, bytes.Length - at);
                ReadOnlySpan<byte> piece = bytes.AsSpan(at, count).ToArray(); // of its own: nothing may be kept of it
                at += count;
                while (reader.TryRead(ref piece, out var reply))
                {
                    Write(text, reply);
                    text.Append('\n');
                }

                Xunit.Assert.True(piece.IsEmpty);
            }

            return text.Append(reader.IsIdle ? "idle" : "open").ToString();
        }
        catch (RespFormatException)
        {
            return text.Append("refused").ToString(); // the message shows as much as there was
        }
    }

    public static string Read(string text) => Read(Encoding.Latin1.GetBytes(text), _ => int.MaxValue);

    private static void Write(StringBuilder text, RedisReply reply)
    {
        text.Append(CultureInfo.InvariantCulture, $"{reply.Kind}");
        if (reply.IsAggregate)
        {
            text.Append('[');
            foreach (var item in reply.Items)
            {
                Write(text, item);
                text.Append(' ');
            }

            text.Append(']');
        }
        else
        {
            text.Append('(').Append(reply.IsNull ? "" : reply.ErrorMessage ?? Encoding.Latin1.GetString(reply.AsBytes()!)).Append(')');
        }
    }
}
