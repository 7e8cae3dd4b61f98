namespace Asyncio;

/// <summary>Reads a line; the last one may lack its newline. One that is too long is dropped, so that the next read goes on behind it.</summary>
internal abstract class LineLeaf<T> : SearchLeaf<T>
{
    protected sealed override Exception TooLong(string message, int consumed)
    {
        var buffered = Reader.Buffered;
        Reader.Drop(consumed < buffered && Reader.Peek(buffered)[consumed] == '\n' ? consumed + 1 : buffered);
        return new LimitOverrunException(message, consumed);
    }

    protected sealed override void CompleteAtEnd()
    {
        var left = Reader.Buffered;
        Result = Convert(Reader.Peek(left));
        Reader.Drop(left);
    }
}
