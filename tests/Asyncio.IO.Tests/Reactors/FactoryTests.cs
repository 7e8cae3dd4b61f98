using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Reactors;

public class FactoryTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("io_uring", ReactorKind.IoUring)]
    [InlineData("epoll", ReactorKind.Epoll)]
    [InlineData(" Portable ", ReactorKind.Portable)]
    public void The_environment_names_a_reactor(string? value, ReactorKind? kind) => Assert.Equal(kind, ReactorFactory.Parse(value));

    [Fact]
    public void A_name_that_is_none_is_an_error_that_says_which_there_are()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ReactorFactory.Parse("kqueue"));
        Assert.Equal("ASYNCIO_REACTOR is \"kqueue\"; it must be io_uring, epoll or portable, or not be set.", error.Message);
    }

    [Fact]
    public void The_first_that_can_be_had_is_taken()
    {
        foreach (var kind in ReactorFactory.Candidates)
        {
            if (ReactorFactory.TryCreate(kind, out _) is { } possible)
            {
                possible.Dispose();
                using var reactor = ReactorFactory.Create(demanded: null);
                Assert.Equal(ReactorFactory.Parse(Environment.GetEnvironmentVariable(ReactorFactory.Variable)) ?? kind, reactor.Kind);
                return;
            }
        }

        Assert.Fail("There is no reactor here.");
    }

    [Theory]
    [InlineData(ReactorKind.Epoll, "epoll_create1 gives ")]
    [InlineData(ReactorKind.IoUring, "io_uring_setup gives ")]
    public void One_that_cannot_be_had_is_an_error_that_says_why_and_what_to_do(ReactorKind kind, string beginning)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is made impossible by a limit of Linux's.");
        var possible = ReactorFactory.TryCreate(kind, out var obstacle);
        Assert.SkipWhen(possible is null, $"{kind}: {obstacle}");
        possible!.Dispose();
        _ = Errno.Describe(Errno.EMFILE); // what runs under the limit must be loaded by then
        string? reason;
        Reactor? reactor;
        using (Descriptors.Exhaust())
        {
            reactor = ReactorFactory.TryCreate(kind, out reason);
        }

        Assert.Null(reactor);
        Assert.StartsWith(beginning + "EMFILE (Too many open files; this process may have ", reason);
        Assert.EndsWith(" at a time: close some, or raise the limit, see ulimit -n).", reason);
    }

    [Fact]
    public void A_mistake_in_the_environment_is_told_when_a_loop_is_made()
    {
        var before = Environment.GetEnvironmentVariable(ReactorFactory.Variable);
        try
        {
            Environment.SetEnvironmentVariable(ReactorFactory.Variable, "nonsense");
            Assert.Contains("\"nonsense\"", Assert.Throws<InvalidOperationException>(() => new EventLoop()).Message);
            Assert.Throws<InvalidOperationException>(() => Aio.Run(Coroutine.Completed));
            using var loop = new EventLoop(new EventLoopOptions { Reactor = ReactorKind.Portable });
            Assert.Equal(ReactorKind.Portable, loop.ReactorKind);
        }
        finally
        {
            Environment.SetEnvironmentVariable(ReactorFactory.Variable, before);
        }
    }

    [Fact]
    public unsafe void Structures_are_as_the_kernel_has_them()
    {
        var x86 = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            is System.Runtime.InteropServices.Architecture.X64 or System.Runtime.InteropServices.Architecture.X86;
        Assert.Equal(x86 ? 12 : 16, EpollEvents.Size);
        Assert.Equal(12, sizeof(EpollEvents.Packed));
        Assert.Equal(16, sizeof(EpollEvents.Aligned));
        Assert.Equal(8, sizeof(Libc.PollFd));
        Assert.Equal(2 * nint.Size, sizeof(Libc.TimeSpec));
    }

    [Fact]
    public void No_error_number_becomes_the_result_that_does_not_occur()
    {
        for (var errno = 1; errno < 200; errno++)
        {
            var result = IoRequest.Failed(Errno.ToSocketError(errno));
            Assert.True(result < -1, $"{errno}: {result}");
        }
    }
}
