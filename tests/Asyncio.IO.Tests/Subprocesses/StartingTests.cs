using System.Runtime.Versioning;
using Asyncio.LowLevel;
using Microsoft.Win32.SafeHandles;
using Xunit;
using static Asyncio.IO.Tests.Subprocesses.Scene;

namespace Asyncio.IO.Tests.Subprocesses;

[UnsupportedOSPlatform("windows")]
public sealed class StartingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("asyncio-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_cannot_be_started_says_why_and_leaves_nothing_behind() => Run(ReactorKind.Epoll, async () =>
    {
        Assert.Contains("no-such-program", (await Fails<FileNotFoundException>("no-such-program")).Message);
        Assert.Contains("/no/such/program", (await Fails<FileNotFoundException>("/no/such/program")).Message);
        await Fails<UnauthorizedAccessException>("/etc/passwd");
        await Fails<ArgumentException>("");
        await Fails<ArgumentException>("a\0b");
        await Fails<ArgumentException>("true", "a\0b");
        var script = Path.Combine(_directory, "script");
        File.WriteAllText(script, "#!/no/such/interpreter\n");
        File.SetUnixFileMode(script, UnixFileMode.UserExecute | UnixFileMode.UserRead);
        Assert.Contains("interpreter", (await Fails<FileNotFoundException>(script)).Message);
    });

    [Fact]
    public void What_is_wrong_with_the_options_is_told() => Run(ReactorKind.Epoll, async () =>
    {
        Assert.Contains("/no/such", (await Assert.ThrowsAsync<DirectoryNotFoundException>(async () => await Aio.CreateSubprocessExec("true", [], workingDirectory: "/no/such"))).Message);
        await Assert.ThrowsAsync<ArgumentException>(async () => await Aio.CreateSubprocessExec("true", [], stdout: StdioTarget.Stdout));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Aio.CreateSubprocessExec("true", [], stdin: StdioTarget.Stdout));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Aio.CreateSubprocessExec("true", [], environment: new Dictionary<string, string> { ["A=B"] = "" }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Aio.CreateSubprocessExec("true", [], limit: 0));
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await Aio.CreateSubprocessExec("true", [], stdin: StdioTarget.FromFile("/no-such-file"), stdout: Pipe));
    });

    [Fact]
    public void Arguments_reach_it_as_they_are() => Run(ReactorKind.Epoll, async () =>
    {
        string[] arguments = ["a b", "", "$HOME", "'\"\\", "ä\n€", "*"];
        await using var process = await Aio.CreateSubprocessExec("printf", ["<%s>", .. arguments], stdout: Pipe);
        Assert.Equal(string.Concat(arguments.Select(argument => $"<{argument}>")), Text((await process.CommunicateAsync()).Stdout));
    });

    [Fact]
    public void Directory_and_environment() => Run(ReactorKind.Epoll, async () =>
    {
        await using var directory = await Aio.CreateSubprocessExec("pwd", [], stdout: Pipe, workingDirectory: _directory);
        Assert.Equal(_directory + "\n", Text((await directory.CommunicateAsync()).Stdout));
        await using var all = await Aio.CreateSubprocessExec("/usr/bin/env", [], stdout: Pipe, environment: new Dictionary<string, string> { ["ONLY"] = "this=one" });
        Assert.Equal("ONLY=this=one\n", Text((await all.CommunicateAsync()).Stdout));
        Environment.SetEnvironmentVariable("ASYNCIO_TEST_VARIABLE", "set here");
        Assert.Equal("set here\n", await Output("echo $ASYNCIO_TEST_VARIABLE"));
    });

    [Fact]
    public void The_childs_path_is_searched_if_it_has_its_own() => Run(ReactorKind.Epoll, async () =>
    {
        var program = Path.Combine(_directory, "mine");
        File.WriteAllText(program, "#!/bin/sh\nexit 6\n");
        File.SetUnixFileMode(program, UnixFileMode.UserExecute | UnixFileMode.UserRead);
        await Fails<FileNotFoundException>("mine");
        var process = await Aio.CreateSubprocessExec("mine", [], environment: new Dictionary<string, string> { ["PATH"] = $"/no/such:{_directory}" });
        Assert.Equal(6, await process.WaitAsync());
    });

    [Fact]
    public void Errors_go_where_output_goes() => Run(ReactorKind.Epoll, async () =>
    {
        await using var process = await Shell("echo one; echo two >&2; echo three", stdout: Pipe, stderr: StdioTarget.Stdout);
        var (output, errors) = await process.CommunicateAsync();
        Assert.Equal(("one\ntwo\nthree\n", null), (Text(output), errors));
        Assert.Null(process.Stderr);
    });

    [Fact]
    public void The_null_device_takes_and_gives_nothing() => Run(ReactorKind.Epoll, async () =>
    {
        await using var process = await Shell("cat; echo lost; target=$(readlink /proc/$$/fd/1); echo $target >&2", StdioTarget.DevNull, StdioTarget.DevNull, Pipe);
        var (output, errors) = await process.CommunicateAsync();
        Assert.Null(output);
        Assert.Equal("/dev/null\n", Text(errors));
    });

    [Fact]
    public void Files_by_path_and_by_handle() => Run(ReactorKind.Epoll, async () =>
    {
        var (source, target) = (Path.Combine(_directory, "in"), Path.Combine(_directory, "out"));
        File.WriteAllText(source, "content\n");
        File.WriteAllText(target, "to be emptied, and longer than what comes\n");
        await (await Shell("cat", StdioTarget.FromFile(source), StdioTarget.FromFile(target))).WaitAsync();
        Assert.Equal("content\n", File.ReadAllText(target));
        await (await Shell("echo more", stdout: StdioTarget.FromFile(target, append: true))).WaitAsync();
        Assert.Equal("content\nmore\n", File.ReadAllText(target));
        Subprocess process;
        using (SafeFileHandle handle = File.OpenHandle(target, FileMode.Create, FileAccess.Write))
        {
            process = await Shell("sleep 0.05; echo out; echo err >&2", stdout: handle, stderr: handle);
        }

        await process.WaitAsync(); // the handle was closed meanwhile: the child has its own
        Assert.Equal("out\nerr\n", File.ReadAllText(target));
    });

    [Fact]
    public void A_session_or_group_of_its_own() => Run(ReactorKind.Epoll, async () =>
    {
        // The fields behind the name: state, parent, group, session.
        const string Stat = "read -r stat < /proc/$$/stat; set -- ${stat##*) }; echo $$ $3 $4";
        await using var session = await Aio.CreateSubprocessShell(Stat, stdout: Pipe, startNewSession: true);
        Assert.Equal($"{session.Pid} {session.Pid} {session.Pid}\n", Text((await session.CommunicateAsync()).Stdout));
        await using var group = await Aio.CreateSubprocessShell(Stat, stdout: Pipe, processGroup: 0);
        var fields = Text((await group.CommunicateAsync()).Stdout).Split();
        Assert.Equal($"{group.Pid}", fields[1]);
        Assert.NotEqual($"{group.Pid}", fields[2]);
    });

    [Fact]
    public void A_broken_pipe_ends_it_as_it_ends_any_program() => Run(ReactorKind.Epoll, async () =>
    {
        // .NET ignores SIGPIPE, which a child would inherit: then yes would complain and exit with 1.
        await using var process = await Shell("(yes; echo $? >&2) | head -n 1", stdout: Pipe, stderr: Pipe);
        var (output, errors) = await process.CommunicateAsync();
        Assert.Equal(("y\n", "141\n"), (Text(output), Text(errors)));
    });

    [Fact]
    public void Nothing_is_started_before_the_await() => Run(ReactorKind.Epoll, async () =>
    {
        var marker = Path.Combine(_directory, "ran");
        var creation = Aio.CreateSubprocessExec("touch", marker);
        await Aio.Sleep(0.05);
        Assert.False(File.Exists(marker));
        await (await creation).WaitAsync();
        Assert.True(File.Exists(marker));
    });

    private static Task<TException> Fails<TException>(string program, params string[] arguments)
        where TException : Exception =>
        Assert.ThrowsAnyAsync<TException>(async () => await Aio.CreateSubprocessExec(program, arguments, Pipe, Pipe, Pipe));
}
