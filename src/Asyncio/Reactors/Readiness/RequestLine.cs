namespace Asyncio;

/// <summary>Requests that wait on a channel for the same direction, first in, first out. They are linked through themselves.</summary>
internal struct RequestLine
{
    private IoRequest? _tail;

    internal IoRequest? Head { get; private set; }

    internal void Add(IoRequest request)
    {
        request.ReactorState = null;
        if (_tail is null)
        {
            Head = request;
        }
        else
        {
            _tail.ReactorState = request;
        }

        _tail = request;
    }

    internal IoRequest? RemoveHead()
    {
        var head = Head;
        if (head is not null)
        {
            Unlink(head, null);
        }

        return head;
    }

    /// <summary>False if it does not wait here.</summary>
    internal bool Remove(IoRequest request)
    {
        IoRequest? before = null;
        for (var each = Head; each is not null; before = each, each = After(each))
        {
            if (ReferenceEquals(each, request))
            {
                Unlink(each, before);
                return true;
            }
        }

        return false;
    }

    private void Unlink(IoRequest request, IoRequest? before)
    {
        var after = After(request);
        request.ReactorState = null;
        if (before is null)
        {
            Head = after;
        }
        else
        {
            before.ReactorState = after;
        }

        if (after is null)
        {
            _tail = before;
        }
    }

    private static IoRequest? After(IoRequest request) => (IoRequest?)request.ReactorState;
}
