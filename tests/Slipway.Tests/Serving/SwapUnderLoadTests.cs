using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Serving;

namespace Slipway.Tests.Serving;

public sealed class SwapUnderLoadTests
{
    private const string Row = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,0]}]}""";

    [Fact]
    public async Task No_request_fails_while_versions_are_swapped_fifty_times()
    {
        await using var server = await InferenceServer.StartAsync();
        await server.PushAsync("m", "scale 1", "champion");
        using var done = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(client => Task.Run(async () =>
        {
            var seen = new HashSet<string>();
            for (var i = 0; !done.IsCancellationRequested || i == 0; i++)
            {
                var (status, body) = await server.PostAsync(client % 2 == 0 ? "/v2/models/m/infer" : "/v2/models/m/versions/champion/infer", Row);
                Assert.True(status == HttpStatusCode.OK, $"{status} {body}");
                var version = body.Split("\"model_version\":\"")[1].Split('"')[0];
                Assert.Contains($"\"data\":[{version}]", body, StringComparison.Ordinal);
                seen.Add(version);
            }
            return seen;
        })).ToArray();
        var scorer = server.Services.GetRequiredService<IScorer>();
        var inProcess = Task.Run(async () =>
        {
            var count = 0;
            while (!done.IsCancellationRequested)
            {
                using var row = new Batch(Tensor.Of<float>("x", [1f, 0f], 1, 2));
                var scored = await scorer.InferAsync(new ModelReference("m"), row, false, default);
                using (scored.Outputs) Assert.Equal(scored.Version, scored.Outputs["y"].Values<float>()[0]);
                count++;
            }
            return count;
        });
        for (var version = 2; version <= 51; version++) Assert.Equal(version, await server.PushAsync("m", $"scale {version}", "champion"));
        await done.CancelAsync();
        foreach (var client in clients) Assert.NotEmpty(await client);
        Assert.True(await inProcess > 50);
        var loader = (ScriptedLoader)server.Services.GetRequiredService<IVersionLoader>();
        Assert.Equal(51, loader.Loaded.Count);
        Assert.Equal(50, loader.Loaded.Count(m => m.Disposed));
    }
}
