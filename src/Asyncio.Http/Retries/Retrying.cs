using Polly;
using Polly.Retry;

namespace Asyncio.Http;

/// <summary>Polly's retries, told what is safe, on the loop's timers.</summary>
internal sealed class Retrying
{
    private static readonly ResiliencePropertyKey<ClientRequest> s_request = new("request");

    private readonly RetryOptions _options;
    private readonly TimeProvider _clock;
    private readonly ResiliencePipeline<Answer> _pipeline;

    public Retrying(RetryOptions options, EventLoop loop)
    {
        _options = options;
        _clock = new LoopTimeProvider(loop);
        var retry = new RetryStrategyOptions<Answer>
        {
            MaxRetryAttempts = options.Attempts - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromSeconds(options.Delay),
            MaxDelay = TimeSpan.FromSeconds(options.MaxDelay),
            ShouldHandle = args => ValueTask.FromResult(IsToBeRepeated(RequestOf(args.Context), args.Outcome)),
            DelayGenerator = args => ValueTask.FromResult(DelayOf(args.Outcome)),
            OnRetry = args =>
            {
                args.Outcome.Result?.Response.Close();
                var request = RequestOf(args.Context);
                request.Attempt++;
                HttpTelemetry.Retry(request, args.RetryDelay, args.Outcome.Exception);
                return default;
            },
        };
        if (options.Randomizer is { } randomizer)
        {
            retry.Randomizer = randomizer;
        }

        _pipeline = new ResiliencePipelineBuilder<Answer> { TimeProvider = _clock }.AddRetry(retry).Build();
    }

    public async Coroutine<ClientResponse> SendAsync(ClientRequest request, ClientHandler send)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, Aio.CancellationToken);
        try
        {
            context.Properties.Set(s_request, request);
            var answer = await _pipeline.ExecuteAsync(static async (context, send) => new Answer(await send(RequestOf(context))), context, send);
            return answer.Response;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static ClientRequest RequestOf(ResilienceContext context) => context.Properties.GetValue(s_request, null!);

    private bool IsToBeRepeated(ClientRequest request, Outcome<Answer> outcome)
    {
        if (request.Content?.IsSpent == true)
        {
            return false;
        }

        return outcome.Exception is { } error
            ? IsBeforeSending(error) || (error is IClientError && IsTransient(error) && IsIdempotent(request))
            : outcome.Result is { Response: var response } && _options.Statuses.Contains(response.Status) && IsIdempotent(request)
                && !(RetryAfter.Read(response, _clock) > _options.MaxRetryAfter);
    }

    // Null leaves it to the back-off.
    private TimeSpan? DelayOf(Outcome<Answer> outcome) =>
        outcome.Result is { Response: var response } && RetryAfter.Read(response, _clock) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>True for a method that means the same when it comes twice.</summary>
    public static bool IsIdempotent(string method) => method is "GET" or "HEAD" or "OPTIONS" or "TRACE" or "PUT" or "DELETE";

    private static bool IsIdempotent(ClientRequest request) => IsIdempotent(request.Method) || request.Headers.Contains("Idempotency-Key");

    private static bool IsBeforeSending(Exception error) =>
        error is ClientConnectorException and not ClientTlsException or ClientTimeoutException { Phase: ClientTimeoutPhase.Pool or ClientTimeoutPhase.Connect };

    private static bool IsTransient(Exception error) =>
        error is ClientTimeoutException { Phase: not ClientTimeoutPhase.Total } or ServerDisconnectedException;

    /// <summary>Polly keeps every member of its result's type when code is trimmed; those of an answer that need reflection would come with it.</summary>
    private sealed record Answer(ClientResponse Response);
}
