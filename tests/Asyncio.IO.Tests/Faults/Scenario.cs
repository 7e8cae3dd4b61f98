using System.Net.Sockets;
using System.Security.Authentication;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>
/// A small program with input and output. It does everything right or ends with an error that tells what went wrong; what it has
/// received is right in either case as far as it goes; and it leaves nothing behind.
/// </summary>
/// <param name="NeedsPipes">The portable reactor has none.</param>
public sealed record Scenario(string Name, Func<Coroutine> Main, bool NeedsPipes = false)
{
    public override string ToString() => Name;

    /// <summary>What the network, or a limit of the system, does to a program: clear errors, which a program expects.</summary>
    internal static bool IsExpected(Exception error) => error switch
    {
        ExceptionGroup group => group.InnerExceptions.All(IsExpected),
        SocketException or IOException or IncompleteReadException or AuthenticationException => true,
        _ => false,
    };

    /// <summary>The handler of a server, which must not let expected errors go.</summary>
    internal static Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> Serving(Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> handler) =>
        async (reader, writer) =>
        {
            await using var _ = writer;
            try
            {
                await handler(reader, writer);
                await writer.DrainAsync();
            }
            catch (Exception e) when (IsExpected(e))
            {
                writer.Abort();
            }
        };

    /// <summary>Nothing but the beginning of what was sent may have come.</summary>
    internal static void AssertBegins(ReadOnlySpan<byte> sent, ReadOnlySpan<byte> received) =>
        Assert.True(sent.StartsWith(received), $"Of {sent.Length} bytes sent, {received.Length} were received, the first wrong one at {sent.CommonPrefixLength(received)}.");

    /// <summary>The same, and the end came at the right place. A peer that is lost ends its stream, too: that is for a program to notice.</summary>
    internal static void AssertWhole(ReadOnlySpan<byte> sent, ReadOnlySpan<byte> received)
    {
        AssertBegins(sent, received);
        if (received.Length < sent.Length)
        {
            throw new EndOfStreamException($"{received.Length} of {sent.Length} bytes.");
        }
    }

    internal static byte[] Data(int count, int seed = 1)
    {
        var data = new byte[count];
        new Random(seed).NextBytes(data);
        return data;
    }
}
