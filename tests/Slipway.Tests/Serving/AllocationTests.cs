using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Serving;

namespace Slipway.Tests.Serving;

/// <summary>Allocated bytes are counted for the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationGroup;

[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int Requests = 10_000;
    private const int Allowed = 2_048;

    [Fact]
    public async Task A_request_of_one_row_to_a_hundred_trees_allocates_at_most_two_kilobytes_end_to_end()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-trees-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.json");
            File.WriteAllText(path, SyntheticTrees.Json(trees: 100, depth: 6, features: 30, seed: 4));
            await using var server = await InferenceServer.StartAsync(services => services.AddSingleton<IVersionLoader>(new TreesLoader(path)));
            await server.PushAsync("m", "scale 1");
            var perRequest = Measure(server.Address);
            TestContext.Current.SendDiagnosticMessage($"{perRequest:F0} bytes per request");
            Assert.InRange(perRequest, 1, Allowed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Measure(Uri address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, address.Port);
        var random = new Random(6);
        var body = $$"""{"inputs":[{"name":"input","shape":[1,30],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Range(0, 30).Select(_ => random.NextSingle()))}}]}]}""";
        var request = Encoding.ASCII.GetBytes($"POST /v2/models/m/infer HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var answer = new byte[4096];
        for (var i = 0; i < 2_000; i++) Exchange(socket, request, answer);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Requests; i++) Exchange(socket, request, answer);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
    }

    // Answers have the same length each time but for the Date header's, which is fixed too: one read until the body's last brace.
    private static void Exchange(Socket socket, byte[] request, byte[] answer)
    {
        socket.Send(request);
        var length = 0;
        while (length == 0 || !answer.AsSpan(0, length).EndsWith("]}]}"u8))
        {
            var read = socket.Receive(answer, length, answer.Length - length, SocketFlags.None);
            Assert.True(read > 0);
            length += read;
        }
        if (!answer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8)) Assert.Fail(Encoding.UTF8.GetString(answer, 0, length));
    }

    private sealed class TreesLoader(string path) : IVersionLoader
    {
        public IModel Load(ModelVersion version, CancellationToken cancellation) =>
            new Slipway.Models.Trees.TreesRuntime().Open(path, RuntimeOptions.Default);
    }
}
