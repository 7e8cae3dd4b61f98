using System.Net.Sockets;

namespace Asyncio;

// What is written.
internal abstract partial class StreamTransport
{
    private Outbox? _out; // made by the first write
    private WriteLimits _limits = new();
    private bool _eofWritten;

    public sealed override int GetWriteBufferSize() => _out?.Length ?? 0;

    public sealed override (int Low, int High) GetWriteBufferLimits() => (_limits.Low, _limits.High);

    public sealed override void SetWriteBufferLimits(int? high = null, int? low = null)
    {
        Loop.CheckThread();
        _limits.Set(high, low);
        PauseProtocolIfNeeded();
    }

    public sealed override void Write(ReadOnlySpan<byte> data)
    {
        CheckNoEof(nameof(Write));
        if (!data.IsEmpty && _life.MayWrite())
        {
            Out.Append(data);
            SendWritten();
        }
    }

    public sealed override void WriteLines(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        CheckNoEof(nameof(WriteLines));
        if (!_life.MayWrite())
        {
            return;
        }

        foreach (var piece in pieces)
        {
            Out.Append(piece.Span);
        }

        SendWritten();
    }

    public sealed override void WriteEof()
    {
        Loop.CheckThread();
        if (!CanWriteEof)
        {
            throw new NotSupportedException("This transport cannot end its writing side alone.");
        }

        if (IsClosing || _eofWritten)
        {
            return;
        }

        _eofWritten = true;
        if (HasOnlyOutput)
        {
            EndWriting();
        }
        else
        {
            EndWritingIfSent();
        }
    }

    /// <summary>Everything was sent, and no more will be; with <see cref="HasOnlyOutput"/> something may still be unsent.</summary>
    protected abstract void EndWriting();

    /// <summary>There is nothing left of it without its writing side: to end that is to close it.</summary>
    protected virtual bool HasOnlyOutput => false;

    /// <summary>Why nothing can be written at all; null if it can.</summary>
    protected virtual string? WhyNotWritable => null;

    /// <summary>In a poll.</summary>
    internal void OnSent()
    {
        if (_limits.MayResume(_out!.Length))
        {
            if (_sink is { ResumesInPoll: true })
            {
                ResumeProtocol();
            }
            else
            {
                Loop.Ready.Enqueue(s_resume, this);
            }
        }

        if (_out.Length == 0)
        {
            _drained?.TrySetResult(default);
            EndWritingIfSent();
            _life.EndIfSent();
        }
    }

    /// <summary>In a poll.</summary>
    internal void OnSendFailed(SocketError error)
    {
        // A reset that the send before has taken: from then on the system says "broken pipe", as it does at once if the peer had ended its side.
        var isReset = error == SocketError.Shutdown && _out!.WasCutShort && !_inputEnded;
        Fail("Fatal write error on transport", SocketErrors.Of(isReset ? SocketError.ConnectionReset : error));
    }

    void ITransportParts.DropOutput()
    {
        _out?.Drop();
        _drained?.TrySetException(ConnectionErrors.Lost());
    }

    private Outbox Out => _out ??= new Outbox(this, _life.Channel, Loop.Buffers);

    private void CheckNoEof(string member)
    {
        Loop.CheckThread();
        if (WhyNotWritable is { } reason)
        {
            throw new NotSupportedException(reason);
        }

        if (_eofWritten)
        {
            throw new InvalidOperationException($"Cannot call {member}() after WriteEof().");
        }

        if (_sendsFile)
        {
            throw new InvalidOperationException($"Cannot call {member}(): sendfile is in progress. Await it first.");
        }
    }

    private void EndWritingIfSent()
    {
        if (_eofWritten && !IsClosing && !HasOutput)
        {
            EndWriting();
        }
    }

    private void SendWritten()
    {
        Out.Send();
        PauseProtocolIfNeeded();
    }

    private void PauseProtocolIfNeeded() => _limits.PauseIfAbove(GetWriteBufferSize(), Loop, this, _life.Protocol);

    private void ResumeProtocol()
    {
        if (!_out!.IsDropped && !_life.HasEnded)
        {
            _limits.ResumeIfBelow(GetWriteBufferSize(), Loop, this, _life.Protocol);
        }
    }
}
