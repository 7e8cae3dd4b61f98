using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asyncio.Http.Tests;

/// <summary>A real server: Kestrel, on the thread pool, with a page for each thing that a client can be shown.</summary>
public sealed class KestrelServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelServer(WebApplication app, string url)
    {
        _app = app;
        Url = url;
    }

    /// <summary>Ends with a slash.</summary>
    public string Url { get; }

    public static async Coroutine<KestrelServer> StartAsync(Action<WebApplication>? more = null, HttpProtocols protocols = HttpProtocols.Http1, bool tls = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.WebHost.ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (tls)
            {
                listen.UseHttps(Certificates.Server);
            }
        }));
        var app = builder.Build();
        app.UseWebSockets();
        Map(app);
        more?.Invoke(app);
        await app.StartAsync();
        var url = app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new KestrelServer(app, $"{url}/");
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1)); // not the half minute that it grants those who are connected
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // Then they were cut off.
        }

        await _app.DisposeAsync();
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/hello", () => "hello");
        app.MapMethods("/method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST"], (HttpRequest request) => request.Method);
        app.MapGet("/status/{code:int}", (int code) => Results.StatusCode(code));
        app.MapGet("/query", (HttpRequest request) => request.QueryString.Value);
        app.MapGet("/headers", (HttpRequest request) => string.Join('\n', request.Headers.Select(header => $"{header.Key}: {header.Value}")));
        app.MapGet("/person", () => Results.Json(new { name = "Ada", age = 36 }));
        app.MapPost("/echo", async (HttpRequest request, HttpResponse response) =>
        {
            response.ContentType = request.ContentType;
            await response.StartAsync();
            await request.Body.CopyToAsync(response.Body);
        });
        app.MapPost("/form", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            var fields = form.Select(field => $"{field.Key}={string.Join('|', field.Value.ToArray())}");
            var files = form.Files.Select(file => $"{file.Name}:{file.FileName}:{file.ContentType}:{file.Length}");
            return string.Join('\n', fields.Concat(files));
        });
        app.MapGet("/bytes/{count:int}", async (int count, HttpResponse response) =>
        {
            response.ContentType = "application/octet-stream";
            var piece = new byte[10_000];
            for (var sent = 0; sent < count; sent += piece.Length)
            {
                for (var i = 0; i < piece.Length; i++)
                {
                    piece[i] = (byte)((sent + i) % 251);
                }

                await response.Body.WriteAsync(piece.AsMemory(0, Math.Min(piece.Length, count - sent)));
            }
        });
        app.MapGet("/gzip/{count:int}", async (int count, HttpResponse response) =>
        {
            response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest);
            var piece = new byte[100_000];
            for (var sent = 0; sent < count; sent += piece.Length)
            {
                await gzip.WriteAsync(piece.AsMemory(0, Math.Min(piece.Length, count - sent)));
            }
        });
        app.MapGet("/lines", async (HttpResponse response) =>
        {
            for (var i = 0; i < 3; i++)
            {
                await response.WriteAsync($"line {i}\r\n");
                await response.Body.FlushAsync();
            }

            await response.WriteAsync("the last");
        });
        app.MapGet("/cookie/set", (HttpResponse response) => response.Cookies.Append("flavour", "vanilla"));
        app.MapGet("/cookie/show", (HttpRequest request) => request.Headers.Cookie.ToString());
        app.MapGet("/hang", (HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted));
    }

    /// <summary>Ctrl-C is the business of <see cref="Aio"/>.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
