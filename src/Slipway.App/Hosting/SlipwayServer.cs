using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Console;
using Slipway.App.Api;
using Slipway.App.Cli;
using Slipway.App.Control;
using Slipway.App.Dashboard;
using Slipway.Core;
using Slipway.Serving;

namespace Slipway.App.Hosting;

/// <summary>The server: the engine behind Kestrel.</summary>
public static class SlipwayServer
{
    /// <exception cref="SlipwayException">The options are wrong, or the data folder cannot be used.</exception>
    public static WebApplication Build(ServerOptions options)
    {
        options.Validate();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "slipway", ContentRootPath = AppContext.BaseDirectory });
        if (options.ConfigFile is not null) builder.Configuration.AddJsonFile(Path.GetFullPath(options.ConfigFile), optional: false);
        builder.WebHost.UseUrls(options.Urls);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Default;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // A start that fails is thrown, and said once, where it is called.

        builder.Services.AddSingleton(DataFolder.Open(options.DataFolder, TimeProvider.System));
        builder.Services.AddSlipwayEngine();
        builder.Services.AddSingleton(new ServerFacts(options.Urls, TimeProvider.System.GetUtcNow()));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = Terminal.Json.Encoder;
            json.SerializerOptions.NumberHandling = Terminal.Json.NumberHandling;
            json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.TypeInfoResolver = new DefaultJsonTypeInfoResolver();
            foreach (var converter in Terminal.Json.Converters) json.SerializerOptions.Converters.Add(converter);
        });
        builder.Services.AddOpenApi(openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Slipway";
            document.Info.Version = ServerFacts.ProductVersion;
            return Task.CompletedTask;
        }));

        var app = builder.Build();
        app.UseAccessGuard(new AccessGuard(options.Token));
        app.UseSlipwayInference();
        app.UseApiErrors();
        app.MapSlipwayHealth();
        var api = app.MapGroup("/api");
        api.MapRegistry();
        api.MapUseCases();
        app.MapOpenApi("/api/openapi.json");
        app.MapDashboard();
        return app;
    }
}

/// <summary>What the server says of itself.</summary>
public sealed record ServerFacts(string Urls, DateTimeOffset StartedAt)
{
    public static string ProductVersion { get; } = typeof(ServerFacts).Assembly.GetName().Version!.ToString(3);
}
