namespace Asyncio.Conformance;

/// <summary>A protocol of a subprocess that writes down what it is told: of each pipe by itself, for the order among them is not certain.</summary>
internal sealed class ProcessTape : SubprocessProtocol
{
    private readonly List<string>[] _pipes = [[], [], []];
    private readonly MemoryStream[] _received = [new(), new(), new()];

    public static Action<ProcessTape> Fail { get; } = static _ => throw new DivideByZeroException();

    public Action<ProcessTape>? WhenMade { get; init; }

    public Action<ProcessTape>? WhenData { get; init; }

    public Action<ProcessTape>? WhenPipeLost { get; init; }

    public Action<ProcessTape>? WhenExited { get; init; }

    public Action<ProcessTape>? WhenLost { get; init; }

    public List<string> Events { get; } = [];

    public SubprocessTransport Transport { get; private set; } = null!;

    public string Line => string.Join(' ', Events);

    public string Pipe(int fd) => string.Join(' ', _pipes[fd]);

    public byte[] Received(int fd) => _received[fd].ToArray();

    public Coroutine WasTold(string happened) => Until(() => Events.Contains(happened));

    public override void ConnectionMade(BaseTransport transport)
    {
        Transport = (SubprocessTransport)transport;
        Events.Add("made");
        WhenMade?.Invoke(this);
    }

    public override void PipeDataReceived(int fd, ReadOnlySpan<byte> data)
    {
        _received[fd].Write(data);
        if (_pipes[fd].LastOrDefault() != "data")
        {
            _pipes[fd].Add("data");
        }

        WhenData?.Invoke(this);
    }

    public override void PipeConnectionLost(int fd, Exception? error)
    {
        _pipes[fd].Add(error is null ? "lost" : $"lost:{Kind(error)}");
        WhenPipeLost?.Invoke(this);
    }

    public override void ProcessExited()
    {
        Events.Add("exited");
        WhenExited?.Invoke(this);
    }

    public override void ConnectionLost(Exception? error)
    {
        Events.Add(error is null ? "lost" : $"lost:{Kind(error)}");
        WhenLost?.Invoke(this);
    }
}
