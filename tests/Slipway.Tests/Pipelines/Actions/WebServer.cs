using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Tests.Pipelines.Actions;

/// <summary>A real web server on a free port that answers as it is told and keeps what it was asked.</summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/hook";

    public ConcurrentQueue<(string Body, IHeaderDictionary Headers, string Method)> Requests { get; } = new();

    /// <param name="answer">Given the number of the request, from 1.</param>
    public static async Task<WebServer> StartAsync(Func<int, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new WebServer(app);
        var count = 0;
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            server.Requests.Enqueue((await reader.ReadToEndAsync(), new HeaderDictionary(context.Request.Headers.ToDictionary()), context.Request.Method));
            await answer(Interlocked.Increment(ref count), context);
        });
        await app.StartAsync();
        return server;
    }

    public static Task<WebServer> AnsweringAsync(params int[] statuses) => StartAsync((request, context) =>
    {
        context.Response.StatusCode = statuses[Math.Min(request, statuses.Length) - 1];
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
