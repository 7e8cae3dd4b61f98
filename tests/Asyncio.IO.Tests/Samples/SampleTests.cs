// Once is enough: a sample is always built in Release.
#if !DEBUG
using Xunit;

namespace Asyncio.IO.Tests.Samples;

/// <summary>Runs the demos of the samples, as a person would.</summary>
[Collection(SampleProgram.Collection)]
public class SampleTests
{
    [Fact]
    public void Chat_tells_everybody_and_drops_who_does_not_read() => AssertPrints(
        "chat",
        "Bob < ada: hello, Bob",
        "Bob < * here: ada, Bob",
        "(Bob has read more than 100 long lines of ada's; dozer slept, and was dropped)",
        "dozer < * goodbye (reads too slowly)",
        "Bob < * dozer left (reads too slowly)",
        "ada < * Bob left",
        "ada < * goodbye (the server is closing)",
        "(the server is closed)");

    [Fact]
    public void Forward_carries_over_bytes_ends_and_failures() => AssertPrints(
        "forward",
        "client of 5,000,000 bytes: got them back",
        "its client sees: ConnectionReset",
        "Connect call failed",
        "7 connections: 5,550,005 bytes sent, 5,550,030 received");

    [Fact]
    public void Keyvalue_answers_and_forgets() => AssertPrints(
        "keyvalue",
        "> GET colour\ndark green\n",
        "> GET colour\n-\n> TTL colour\n-2\n",
        "> DEL size\n1\n> DEL size\n0\n",
        "10,000 of 10,000 answers to 100 clients are right");

    [Fact]
    public void Portcheck_tells_who_answers() => AssertPrints(
        "portcheck",
        "0 %",
        "refused",
        "no answer",
        "answers: 4 of 4",
        "refuses: 0 of 4",
        "does not answer: 0 of 4");

    [Fact]
    public void Fetch_counts_what_went_well_and_what_did_not()
    {
        string[] arguments = ["--retries", "0", "--timeout", "8", "--rate", "1000"];
        SampleProgram.Check(
            "fetch",
            output => SampleProgram.AssertInOrder(output, "1,800 of 2,000", "40 HTTP 500", "120 HTTP 503", "40 timed out (Read)", "retries │ 0"),
            arguments,
            arguments,
            arguments);
    }

    // A demo has real time limits of some seconds; on a machine that stands still for as long it tells so, and is asked again.
    private static void AssertPrints(string sample, params string[] expected) =>
        SampleProgram.Check(sample, output => SampleProgram.AssertInOrder(output, expected), ["--demo"], ["--demo"], ["--demo"]);
}
#endif
