namespace Asyncio.Conformance;

/// <summary>What a protocol was told, in order, and what it does then. Several pieces of data in a row are one entry.</summary>
internal sealed class Told
{
    private readonly MemoryStream _received = new();

    public static Action<Told> Fail { get; } = static _ => throw new DivideByZeroException();

    public static Func<Told, bool> FailAtEof { get; } = static _ => throw new DivideByZeroException();

    public static Func<Told, bool> KeepOpen { get; } = static _ => true;

    public Action<Told>? WhenMade { get; init; }

    public Action<Told>? WhenData { get; init; }

    public Func<Told, bool>? WhenEof { get; init; }

    public Action<Told>? WhenPaused { get; init; }

    public Action<Told>? WhenResumed { get; init; }

    public Action<Told>? WhenLost { get; init; }

    public List<string> Events { get; } = [];

    public Transport Transport { get; private set; } = null!;

    public Exception? Error { get; private set; }

    public string Line => string.Join(' ', Events);

    public int Count => (int)_received.Length;

    public string Text => Show(_received.ToArray());

    public bool IsLost => Events.Count > 0 && Events[^1].StartsWith("lost", StringComparison.Ordinal);

    /// <summary>Until the connection is lost.</summary>
    public Coroutine Gone() => Wires.Until(() => IsLost);

    /// <summary>Until so many bytes have come.</summary>
    public Coroutine Has(int count) => Wires.Until(() => Count >= count);

    /// <summary>Until it was told that.</summary>
    public Coroutine WasTold(string happened) => Wires.Until(() => Events.Contains(happened));

    public void Made(BaseTransport transport)
    {
        Transport = (Transport)transport;
        Events.Add("made");
        WhenMade?.Invoke(this);
    }

    public void Data(ReadOnlySpan<byte> data)
    {
        _received.Write(data);
        if (Events[^1] != "data")
        {
            Events.Add("data");
        }

        WhenData?.Invoke(this);
    }

    public bool Eof()
    {
        Events.Add("eof");
        return WhenEof?.Invoke(this) ?? false;
    }

    public void Pause()
    {
        Events.Add("pause");
        WhenPaused?.Invoke(this);
    }

    public void Resume()
    {
        Events.Add("resume");
        WhenResumed?.Invoke(this);
    }

    public void Lost(Exception? error)
    {
        Error = error;
        Events.Add(error is null ? "lost" : $"lost:{Kind(error)}");
        WhenLost?.Invoke(this);
    }
}
