namespace Asyncio.Conformance;

/// <summary>What one run of a scenario traced, and what was wrong with it. May be written from any thread.</summary>
internal sealed class Recording
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _failures = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_lock)
            {
                return [.. _failures];
            }
        }
    }

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            if (line.Length == 0 || line.Contains('\n') || line[0] == '[' || line != line.Trim())
            {
                _failures.Add($"not a trace line: '{line}'");
            }
        }
    }

    public void Fail(string failure)
    {
        lock (_lock)
        {
            _failures.Add(failure);
        }
    }
}
