using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>What may fail between a program and its child.</summary>
public class ChildFaultTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void An_end_that_the_reactor_cannot_watch_is_noticed_all_the_same(ReactorKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Subprocesses need Linux.");
        var plan = new FaultPlan { ErrorAt = 0, Counted = IoKind.WaitReadable };
        FaultStage.Run(kind, plan, async _ =>
        {
            await using var child = await Aio.CreateSubprocessExec("sh", ["-c", "read line; exit 7"], stdin: StdioTarget.Pipe);
            child.Stdin!.Write("go\n"u8);
            Assert.Equal(7, await child.WaitAsync());
        });
        Assert.True(plan.HasStruck || kind == ReactorKind.Portable, "Only the portable reactor does not watch it.");
    }

    /// <summary>A broken pipe says that the child does not want its input; being out of memory says nothing of the kind.</summary>
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Input_that_cannot_be_written_is_told_unless_the_child_does_not_want_it(ReactorKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Subprocesses need Linux.");
        FaultStage.Run(kind, new FaultPlan { ErrorAt = 0, Counted = IoKind.Send, Variant = 2 }, async _ =>
        {
            await using var child = await Aio.CreateSubprocessExec("cat", [], StdioTarget.Pipe, StdioTarget.Pipe);
            var error = await Assert.ThrowsAsync<SocketException>(async () => await child.CommunicateAsync(new byte[100_000]));
            Assert.Equal(SocketError.NoBufferSpaceAvailable, error.SocketErrorCode);
        });
        FaultStage.Run(kind, new FaultPlan { ErrorAt = 0, Counted = IoKind.Send, Variant = 0 }, async _ =>
        {
            await using var child = await Aio.CreateSubprocessExec("cat", [], StdioTarget.Pipe, StdioTarget.Pipe);
            var (output, _) = await child.CommunicateAsync(new byte[100_000]);
            Assert.Empty(output!);
            Assert.Equal(0, child.ReturnCode);
        });
    }
}
