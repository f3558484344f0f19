using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.App.Api;
using Slipway.App.Cli;
using Slipway.App.Hosting;
using Slipway.Core;

namespace Slipway.App.Control;

/// <summary>A server's management API, spoken to with the token in <see cref="ServerOptions.TokenVariable"/> when it is set.</summary>
public sealed class RemoteControlPlane : IControlPlane
{
    private const long MaxPackageBytes = 16L << 30;

    private readonly HttpClient _http;

    public RemoteControlPlane(Uri server, string? token)
    {
        _http = new HttpClient { BaseAddress = new Uri(server, "/api/"), Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _http.DefaultRequestHeaders.Add(ApiUser.Header, Environment.UserName);
    }

    public async Task<PushAnswer> PushAsync(string name, string path, string? alias, string? why, Action<double, string>? progress, CancellationToken cancellation)
    {
        var archive = Path.GetTempFileName();
        try
        {
            await using var file = new FileStream(archive, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            progress?.Invoke(-1, "packing");
            PackageArchive.Write(path, file);
            file.Position = 0;
            progress?.Invoke(-1, "sending and verifying");
            using var content = new StreamContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
            var query = $"?alias={Uri.EscapeDataString(alias ?? "")}&why={Uri.EscapeDataString(why ?? "")}";
            return await SendAsync<PushAnswer>(HttpMethod.Post, $"models/{Uri.EscapeDataString(name)}/versions{query}", content, cancellation);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    public async Task<IReadOnlyList<ModelView>> ModelsAsync(CancellationToken cancellation) => await GetAsync<ModelView[]>("models", cancellation);

    public Task<ModelView> ModelAsync(string name, CancellationToken cancellation) => GetAsync<ModelView>($"models/{Uri.EscapeDataString(name)}", cancellation);

    public async Task<IReadOnlyList<AliasChange>> HistoryAsync(string name, CancellationToken cancellation) =>
        await GetAsync<AliasChange[]>($"models/{Uri.EscapeDataString(name)}/history", cancellation);

    public Task<ModelView> SetAliasAsync(string name, string alias, int? version, string? why, CancellationToken cancellation)
    {
        var path = $"models/{Uri.EscapeDataString(name)}/aliases/{Uri.EscapeDataString(alias)}";
        return version is { } number
            ? SendAsync<ModelView>(HttpMethod.Put, path, Json(new AliasRequest(number, why)), cancellation)
            : SendAsync<ModelView>(HttpMethod.Delete, $"{path}?why={Uri.EscapeDataString(why ?? "")}", null, cancellation);
    }

    public async Task<int> PullAsync(ModelReference reference, string folder, CancellationToken cancellation)
    {
        var version = reference.Version ?? Resolve(await ModelAsync(reference.Name, cancellation), reference);
        using var response = await RespondAsync(HttpMethod.Get, $"models/{Uri.EscapeDataString(reference.Name)}/versions/{version}/package", null, cancellation);
        var archive = Path.GetTempFileName();
        await using var file = new FileStream(archive, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        await response.Content.CopyToAsync(file, cancellation);
        file.Position = 0;
        await PackageArchive.ExtractAsync(file, folder, MaxPackageBytes, cancellation);
        return version;
    }

    public Task<UseCaseView> ApplyAsync(string name, ApplyRequest request, CancellationToken cancellation) =>
        SendAsync<UseCaseView>(HttpMethod.Put, $"usecases/{Uri.EscapeDataString(name)}", Json(request), cancellation);

    public async Task<IReadOnlyList<UseCaseView>> UseCasesAsync(CancellationToken cancellation) => await GetAsync<UseCaseView[]>("usecases", cancellation);

    public Task<UseCaseDetail> UseCaseAsync(string name, CancellationToken cancellation) => GetAsync<UseCaseDetail>($"usecases/{Uri.EscapeDataString(name)}", cancellation);

    public async Task RemoveUseCaseAsync(string name, CancellationToken cancellation) =>
        (await RespondAsync(HttpMethod.Delete, $"usecases/{Uri.EscapeDataString(name)}", null, cancellation)).Dispose();

    public Task<UseCaseView> SetPausedAsync(string name, bool paused, CancellationToken cancellation) => ActAsync(name, paused ? "pause" : "resume", cancellation);

    public Task<UseCaseView> RunAsync(string name, CancellationToken cancellation) => ActAsync(name, "run", cancellation);

    public async Task<IReadOnlyList<QuarantinedRow>> QuarantineAsync(string useCase, int limit, CancellationToken cancellation) =>
        await GetAsync<QuarantinedRow[]>($"usecases/{Uri.EscapeDataString(useCase)}/quarantine?limit={limit}", cancellation);

    public Task<ReplayAnswer> ReplayAsync(string useCase, IReadOnlyList<long> ids, CancellationToken cancellation) =>
        SendAsync<ReplayAnswer>(HttpMethod.Post, $"usecases/{Uri.EscapeDataString(useCase)}/quarantine/replay", Json(new QuarantineRequest(ids)), cancellation);

    public async Task<int> DropAsync(string useCase, IReadOnlyList<long> ids, CancellationToken cancellation) =>
        (await SendAsync<DropAnswer>(HttpMethod.Post, $"usecases/{Uri.EscapeDataString(useCase)}/quarantine/drop", Json(new QuarantineRequest(ids)), cancellation)).Dropped;

    public async Task<IReadOnlyList<Sample>> SamplesAsync(string useCase, int limit, CancellationToken cancellation) =>
        await GetAsync<Sample[]>($"usecases/{Uri.EscapeDataString(useCase)}/samples?limit={limit}", cancellation);

    public async Task LabelAsync(string sampleId, JsonElement label, CancellationToken cancellation) =>
        (await RespondAsync(HttpMethod.Put, $"samples/{Uri.EscapeDataString(sampleId)}/label", Json(new LabelRequest(label)), cancellation)).Dispose();

    public async Task<IReadOnlyList<Alert>> AlertsAsync(string? useCase, int limit, CancellationToken cancellation) =>
        await GetAsync<Alert[]>($"alerts?limit={limit}&useCase={Uri.EscapeDataString(useCase ?? "")}", cancellation);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static int Resolve(ModelView model, ModelReference reference)
    {
        if (reference.Alias is null) return model.Aliases.TryGetValue("champion", out var champion) ? champion : model.LatestVersion;
        return model.Aliases.TryGetValue(reference.Alias, out var version)
            ? version
            : throw new NotFoundException($"model '{model.Name}' has no alias '{reference.Alias}'; it has: {string.Join(", ", model.Aliases.Keys)}");
    }

    private Task<UseCaseView> ActAsync(string name, string verb, CancellationToken cancellation) =>
        SendAsync<UseCaseView>(HttpMethod.Post, $"usecases/{Uri.EscapeDataString(name)}/{verb}", null, cancellation);

    private Task<T> GetAsync<T>(string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Get, path, null, cancellation);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var response = await RespondAsync(method, path, body, cancellation);
        return await response.Content.ReadFromJsonAsync<T>(Terminal.Json, cancellation)
            ?? throw new SlipwayException($"{_http.BaseAddress}{path} answered nothing");
    }

    private async Task<HttpResponseMessage> RespondAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new SlipwayException($"no Slipway server answers at {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)}: {e.Message}. Start one with: slipway serve", e);
        }
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            var error = await ReadErrorAsync(response, cancellation);
            if (response.StatusCode == HttpStatusCode.NotFound) throw new NotFoundException(error.Error);
            if (error.Problems is { Count: > 0 } problems)
            {
                throw new SpecException(null, [.. problems.Select(p => new SpecProblem(p.Path, p.Line, p.Column, p.Message))]);
            }
            throw new SlipwayException(error.Error);
        }
    }

    private static async Task<ErrorView> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            if (await response.Content.ReadFromJsonAsync<ErrorView>(Terminal.Json, cancellation) is { Error.Length: > 0 } error) return error;
        }
        catch (JsonException)
        {
            // Not one of our errors: a proxy's page, most likely. The status line says what there is to say.
        }
        return new ErrorView($"the server answered {(int)response.StatusCode} {response.ReasonPhrase}");
    }

    private static JsonContent Json<T>(T value) => JsonContent.Create(value, options: Terminal.Json);
}
