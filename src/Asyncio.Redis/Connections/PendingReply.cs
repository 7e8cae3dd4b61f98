using Asyncio.Redis.Resp;

namespace Asyncio.Redis.Connections;

/// <summary>A future of a command's result. Who is cancelled while waiting for it cancels it; the connection still knows it.</summary>
internal sealed class PendingReply<T>(EventLoop loop, Request request, Func<RedisReply, T> convert) : Future<T>(loop), IPendingReply
{
    public string Command => request.ToString();

    public void Complete(in RedisReply reply)
    {
        if (Done())
        {
            return;
        }

        if (reply.IsError)
        {
            SetException(RedisServerException.Of(reply.ErrorMessage!, Command));
            return;
        }

        try
        {
            TrySetResult(convert(reply));
        }
        catch (Exception e) when (e is RedisReplyException or InvalidCastException)
        {
            var mismatch = new RedisReplyException($"{e.Message} (command: {Command})") { Command = Command };
            SetException(mismatch);
            throw mismatch;
        }
    }

    public void Fail(RedisConnectionException reason, bool mayHaveRun)
    {
        if (!Done())
        {
            SetException(reason.For(Command, mayHaveRun));
        }
    }
}
