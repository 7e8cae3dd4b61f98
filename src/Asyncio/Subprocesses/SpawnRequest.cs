namespace Asyncio;

/// <summary>What to start and how.</summary>
internal sealed record SpawnRequest(string Program, IReadOnlyList<string> Arguments)
{
    internal StdioTarget Stdin { get; init; }

    internal StdioTarget Stdout { get; init; }

    internal StdioTarget Stderr { get; init; }

    internal string? WorkingDirectory { get; init; }

    /// <summary>All of the child's variables; null for this process's.</summary>
    internal IReadOnlyDictionary<string, string>? Environment { get; init; }

    internal bool StartNewSession { get; init; }

    internal int? ProcessGroup { get; init; }

    /// <exception cref="ArgumentException">Something is wrong with it.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Program);
        if (Stdin.Kind == StdioKind.Stdout || Stdout.Kind == StdioKind.Stdout)
        {
            throw new ArgumentException("StdioTarget.Stdout can only be used for stderr.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(ProcessGroup ?? 0, nameof(ProcessGroup));
        NativeStrings.CheckText(Program);
        NativeStrings.CheckText(WorkingDirectory ?? "");
    }

    internal List<string> EnvironmentLines()
    {
        var lines = new List<string>();
        if (Environment is null)
        {
            foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            {
                lines.Add($"{variable.Key}={variable.Value}");
            }

            return lines;
        }

        foreach (var (name, value) in Environment)
        {
            if (name.Length == 0 || name.Contains('='))
            {
                throw new ArgumentException($"illegal environment variable name: \"{name}\"");
            }

            lines.Add($"{name}={value}");
        }

        return lines;
    }
}
