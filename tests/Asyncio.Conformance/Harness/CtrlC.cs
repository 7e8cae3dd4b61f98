using System.Reflection;
using System.Runtime.InteropServices;

namespace Asyncio.Conformance;

/// <summary>
/// Ctrl-C for the runner that runs. A real signal would also reach the test runner, which then ends; so this calls what the runtime
/// calls, on another thread as it does. Real signals are sent to a program of its own in <c>tests/Programs</c>.
/// </summary>
internal static class CtrlC
{
    private const BindingFlags Hidden = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic;

    public static void Press() => Task.Run(Deliver).Wait();

    private static void Deliver()
    {
        var interrupts = typeof(Runner).Assembly.GetType("Asyncio.Interrupts", throwOnError: true)!;
        var receiver = interrupts.GetField("s_current", Hidden)!.GetValue(null) ?? throw new InvalidOperationException("No runner receives Ctrl-C.");
        interrupts.GetMethod("OnSignal", Hidden)!.Invoke(receiver, [new PosixSignalContext(PosixSignal.SIGINT)]);
    }
}
