using Asyncio.IO.Tests.Subprocesses;

namespace Asyncio.IO.Tests.Faults;

/// <summary>The program tests/Programs/Limited, which sets limits to itself.</summary>
internal static class Limited
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Limited.dll");

    public static Coroutine<Subprocess> Start(params string[] arguments) =>
        Aio.CreateSubprocessExec("dotnet", [Path, .. arguments], stdin: Scene.Pipe, stdout: Scene.Pipe, stderr: StdioTarget.Stdout);

    public static async Coroutine<string> Output(params string[] arguments)
    {
        await using var program = await Start(arguments);
        return Scene.Text((await program.CommunicateAsync()).Stdout);
    }
}
