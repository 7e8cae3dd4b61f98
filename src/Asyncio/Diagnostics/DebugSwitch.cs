using System.Diagnostics;

namespace Asyncio.Diagnostics;

/// <summary>Debug mode as the environment wants it, and what it costs.</summary>
internal static class DebugSwitch
{
    /// <summary>True if <c>ASYNCIO_DEBUG</c> is set to anything but nothing and 0.</summary>
    internal static readonly bool FromEnvironment =
        Environment.GetEnvironmentVariable("ASYNCIO_DEBUG") is { Length: > 0 } value && value != "0";

    /// <summary>The stack of the caller of a coroutine method, without frames of this library.</summary>
    internal static string CaptureOrigin()
    {
        var lines = new List<string>();
        foreach (var frame in new StackTrace(2, fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method || method.DeclaringAssemblyName.StartsWith("Asyncio,", StringComparison.Ordinal))
            {
                continue;
            }

            var file = frame.GetFileName();
            lines.Add(file is null ? $"   at {method.DeclaringTypeName}.{method.Name}" : $"   at {method.DeclaringTypeName}.{method.Name} in {file}:line {frame.GetFileLineNumber()}");
            if (lines.Count == 10)
            {
                break;
            }
        }

        return string.Join(Environment.NewLine, lines);
    }
}
