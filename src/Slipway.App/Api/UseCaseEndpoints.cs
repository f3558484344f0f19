using System.Text.Json.Nodes;
using Slipway.App.Control;
using Slipway.App.Hosting;
using Slipway.Core.Specs;
using Slipway.Pipelines.UseCases;

namespace Slipway.App.Api;

/// <summary><c>/api/usecases</c>, samples and alerts.</summary>
public static class UseCaseEndpoints
{
    public static void MapUseCases(this RouteGroupBuilder api)
    {
        var useCases = api.MapGroup("/usecases").WithTags("Use cases");
        useCases.MapGet("", (Engine engine, CancellationToken cancellation) => Plane(engine).UseCasesAsync(cancellation)).WithSummary("All deployed use cases.");
        useCases.MapGet("/{name}", (string name, Engine engine, CancellationToken cancellation) => Plane(engine).UseCaseAsync(name, cancellation))
            .WithSummary("One use case: state, file, runs, latest predictions, monitor.");
        useCases.MapPut("/{name}", (string name, ApplyRequest body, Engine engine, HttpRequest request, CancellationToken cancellation) =>
            Plane(engine, request).ApplyAsync(name, body, cancellation)).WithSummary("Deploys a use case, or a new revision of it.");
        useCases.MapDelete("/{name}", async (string name, Engine engine, CancellationToken cancellation) =>
        {
            await Plane(engine).RemoveUseCaseAsync(name, cancellation);
            return TypedResults.NoContent();
        }).WithSummary("Removes a use case.");
        useCases.MapPost("/{name}/run", (string name, Engine engine, CancellationToken cancellation) => Plane(engine).RunAsync(name, cancellation)).WithSummary("Runs it now, once.");
        useCases.MapPost("/{name}/pause", (string name, Engine engine, CancellationToken cancellation) => Plane(engine).SetPausedAsync(name, true, cancellation)).WithSummary("Pauses it.");
        useCases.MapPost("/{name}/resume", (string name, Engine engine, CancellationToken cancellation) => Plane(engine).SetPausedAsync(name, false, cancellation)).WithSummary("Lets it go on.");
        useCases.MapGet("/{name}/quarantine", (string name, int? limit, Engine engine, CancellationToken cancellation) =>
            Plane(engine).QuarantineAsync(name, Limit(limit), cancellation)).WithSummary("Rows that could not go through.");
        useCases.MapPost("/{name}/quarantine/replay", (string name, QuarantineRequest body, Engine engine, CancellationToken cancellation) =>
            Plane(engine).ReplayAsync(name, body.Ids, cancellation)).WithSummary("Sends rows through again.");
        useCases.MapPost("/{name}/quarantine/drop", async (string name, QuarantineRequest body, Engine engine, CancellationToken cancellation) =>
            new DropAnswer(await Plane(engine).DropAsync(name, body.Ids, cancellation))).WithSummary("Drops rows for good.");
        useCases.MapGet("/{name}/samples", (string name, int? limit, Engine engine, CancellationToken cancellation) =>
            Plane(engine).SamplesAsync(name, Limit(limit), cancellation)).WithSummary("The newest samples.");

        api.MapPut("/samples/{id}/label", async (string id, LabelRequest body, Engine engine, CancellationToken cancellation) =>
        {
            await Plane(engine).LabelAsync(id, body.Label, cancellation);
            return TypedResults.NoContent();
        }).WithTags("Samples").WithSummary("Attaches what was true to a sample.");
        api.MapGet("/alerts", (string? useCase, int? limit, Engine engine, CancellationToken cancellation) =>
            Plane(engine).AlertsAsync(useCase, Limit(limit), cancellation)).WithTags("Alerts").WithSummary("Alerts, firing ones first.");
        api.MapGet("/overview", (Engine engine, ServerFacts facts) => engine.Overview(facts)).WithTags("Overview").WithSummary("All is well, or why not.");
        api.MapGet("/schema/use-case.json", () => TypedResults.Json<JsonNode>(SpecSchema.Export(typeof(UseCaseSpec), UseCaseComponents.Catalog, "Slipway use case")))
            .WithTags("Overview").WithSummary("The JSON Schema of use case files, for editors.");
    }

    private static int Limit(int? limit) => Math.Clamp(limit ?? 100, 1, 1000);

    private static LocalControlPlane Plane(Engine engine, HttpRequest? request = null) => LocalControlPlane.Of(engine, request is null ? "api" : ApiUser.Of(request));
}
