using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.App.Control;
using Slipway.Core;

namespace Slipway.App.Api;

/// <summary><c>/api/models</c>: versions, aliases, packages.</summary>
public static class RegistryEndpoints
{
    /// <summary>The largest package that is taken over HTTP, packed and unpacked; larger ones are pushed on the server's own machine.</summary>
    private const long MaxPackageBytes = 4L << 30;

    public static void MapRegistry(this RouteGroupBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("Models");
        models.MapGet("", (Engine engine, CancellationToken cancellation) => Plane(engine).ModelsAsync(cancellation)).WithSummary("All models.");
        models.MapGet("/{name}", (string name, Engine engine, CancellationToken cancellation) => Plane(engine).ModelAsync(name, cancellation)).WithSummary("One model with its versions.");
        models.MapGet("/{name}/history", (string name, Engine engine, CancellationToken cancellation) => Plane(engine).HistoryAsync(name, cancellation))
            .WithSummary("Moves of the model's aliases, newest first.");
        models.MapPost("/{name}/versions", PushAsync).WithSummary("Registers a version: the body is a zip of the package's files.")
            .Accepts<byte[]>("application/zip").ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        models.MapGet("/{name}/versions/{version:int}/package", PackageAsync).WithSummary("A version's package as a zip.");
        models.MapPut("/{name}/aliases/{alias}", (string name, string alias, AliasRequest body, Engine engine, HttpRequest request, CancellationToken cancellation) =>
            Plane(engine, request).SetAliasAsync(name, alias, body.Version, body.Why, cancellation)).WithSummary("Points an alias to a version.");
        models.MapDelete("/{name}/aliases/{alias}", (string name, string alias, string? why, Engine engine, HttpRequest request, CancellationToken cancellation) =>
            Plane(engine, request).SetAliasAsync(name, alias, null, Text(why), cancellation)).WithSummary("Removes an alias.");
    }

    private static LocalControlPlane Plane(Engine engine, HttpRequest? request = null) => LocalControlPlane.Of(engine, request is null ? "api" : ApiUser.Of(request));

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static async Task<Created<PushAnswer>> PushAsync(string name, string? alias, string? why, Engine engine, HttpRequest request, CancellationToken cancellation)
    {
        Names.Require(name, "model");
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body) body.MaxRequestBodySize = MaxPackageBytes;
        var work = Directory.CreateTempSubdirectory("slipway-push-");
        var archive = Path.Combine(work.FullName, "archive");
        var package = Path.Combine(work.FullName, "package");
        try
        {
            Directory.CreateDirectory(package);
            await using (var file = new FileStream(archive, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                await request.Body.CopyToAsync(file, cancellation);
                file.Position = 0;
                await PackageArchive.ExtractAsync(file, package, MaxPackageBytes, cancellation);
            }
            var answer = await Plane(engine, request).PushAsync(name, LoneFile(package) ?? package, Text(alias), Text(why), null, cancellation);
            return TypedResults.Created($"/api/models/{answer.Name}", answer);
        }
        catch (ModelException e)
        {
            throw new ModelException(e.Message.Replace(package + "/", "", StringComparison.Ordinal).Replace(package, name, StringComparison.Ordinal), e);
        }
        catch (SpecException e)
        {
            throw new SpecException(Path.GetFileName(e.File), e.Problems);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>A bare model file is sent as an archive of one entry.</summary>
    private static string? LoneFile(string folder) =>
        Directory.GetDirectories(folder).Length == 0 && Directory.GetFiles(folder) is [var only] ? only : null;

    private static async Task PackageAsync(string name, int version, Engine engine, HttpResponse response, CancellationToken cancellation)
    {
        var found = engine.Data.Registry.Snapshot().Resolve(new ModelReference(name, Version: version));
        var folder = engine.Data.Artifacts.Materialize(found);
        var archive = Path.GetTempFileName();
        await using var file = new FileStream(archive, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        PackageArchive.Write(folder, file);
        file.Position = 0;
        response.ContentType = "application/zip";
        response.ContentLength = file.Length;
        await file.CopyToAsync(response.Body, cancellation);
    }
}
