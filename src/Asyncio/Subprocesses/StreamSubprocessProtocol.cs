using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Feeds a child's output to readers and holds up who writes to its input: what is beneath a <see cref="Subprocess"/>. Asyncio: <c>SubprocessStreamProtocol</c>.</summary>
internal sealed class StreamSubprocessProtocol(EventLoop loop, int limit) : SubprocessProtocol
{
    // The writer's flow control is a StreamReaderProtocol's; this one's reader is never fed.
    private readonly StreamReaderProtocol _input = new(new AsyncStreamReader(loop: loop));
    private SubprocessTransport? _transport;
    private int _openOutputs;
    private bool _exited;

    internal AsyncStreamWriter? Stdin { get; private set; }

    internal AsyncStreamReader? Stdout { get; private set; }

    internal AsyncStreamReader? Stderr { get; private set; }

    public override void ConnectionMade(BaseTransport transport)
    {
        _transport = (SubprocessTransport)transport;
        Stdout = ReaderOf(1);
        Stderr = ReaderOf(2);
        if (_transport.GetPipeTransport(0) is { } stdin)
        {
            Stdin = new AsyncStreamWriter(stdin, _input);
        }
    }

    public override void PauseWriting() => _input.PauseWriting();

    public override void ResumeWriting() => _input.ResumeWriting();

    public override void PipeDataReceived(int fd, ReadOnlySpan<byte> data) => Reader(fd).FeedData(data);

    public override void PipeConnectionLost(int fd, Exception? error)
    {
        if (fd == 0)
        {
            Stdin!.Close();
            _input.ConnectionLost(error);
            return;
        }

        if (error is null)
        {
            Reader(fd).FeedEof();
        }
        else
        {
            Reader(fd).SetException(error);
        }

        _openOutputs--;
        CloseWhenOver();
    }

    public override void ProcessExited()
    {
        _exited = true;
        CloseWhenOver();
    }

    private AsyncStreamReader? ReaderOf(int fd)
    {
        if (_transport!.GetPipeTransport(fd) is not { } transport)
        {
            return null;
        }

        var reader = new AsyncStreamReader(limit, loop);
        reader.SetTransport(transport);
        _openOutputs++;
        return reader;
    }

    private AsyncStreamReader Reader(int fd) => (fd == 1 ? Stdout : Stderr)!;

    private void CloseWhenOver()
    {
        if (_openOutputs == 0 && _exited)
        {
            _transport!.Close();
        }
    }
}
