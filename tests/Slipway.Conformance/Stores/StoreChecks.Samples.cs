using Slipway.Core;

namespace Slipway.Conformance;

public static partial class StoreChecks
{
    public static IReadOnlyList<StoreCheck> Samples =>
    [
        new("samples: come back as they went in, newest first", stores =>
        {
            var samples = Enumerable.Range(0, 10).Select(i => Sample(i)).ToArray();
            stores.Samples.Write([samples[3], samples[1]]);
            stores.Samples.Write([.. samples.Where(s => s != samples[3] && s != samples[1])]);
            stores.Reopen();
            ExpectSequence(samples.Reverse(), stores.Samples.Read(new SampleQuery()), "samples");
            ExpectSequence(samples.Reverse().Take(3), stores.Samples.Read(new SampleQuery(Limit: 3)), "with a limit");
            ExpectEqual(0, stores.Samples.Read(new SampleQuery(UseCase: "boat")).Count, "of an unknown use case");
        }),
        new("samples: text of every kind comes back", stores =>
        {
            string[] texts = ["", "\0", "a\0b", "'quoted' \"twice\"", "ünï 漢字 🙂", new string('x', 100_000), "{}"];
            var samples = texts.Select((text, i) => Sample(i) with { Input = text, Prediction = text, Label = text }).ToArray();
            stores.Samples.Write(samples);
            ExpectSequence(samples.Reverse(), stores.Samples.Read(new SampleQuery()), "samples");
        }),
        new("samples: a query takes what all its conditions take", stores =>
        {
            var random = new Random(20261120);
            var samples = Enumerable.Range(0, 200)
                .Select(i => Sample(i) with { UseCase = Pick("bike", "mill"), Model = Pick("m", "n"), Version = random.Next(1, 3), Time = Noon.AddSeconds(random.Next(20)) })
                .ToArray();
            stores.Samples.Write(samples);
            for (var round = 0; round < 200; round++)
            {
                var query = new SampleQuery(
                    Maybe("bike"), Maybe("m"), random.Next(2) == 0 ? null : 1,
                    random.Next(2) == 0 ? null : Noon.AddSeconds(random.Next(20)), random.Next(2) == 0 ? null : Noon.AddSeconds(random.Next(20)), 1000);
                var expected = samples
                    .Where(s => (query.UseCase ?? s.UseCase) == s.UseCase && (query.Model ?? s.Model) == s.Model && (query.Version ?? s.Version) == s.Version)
                    .Where(s => (query.From ?? s.Time) <= s.Time && s.Time < (query.To ?? DateTimeOffset.MaxValue))
                    .OrderByDescending(s => s.Time).ThenByDescending(s => s.Id, StringComparer.Ordinal);
                ExpectSequence(expected.Select(s => s.Id), stores.Samples.Read(query).Select(s => s.Id), query.ToString());
            }

            string Pick(string one, string other) => random.Next(2) == 0 ? one : other;
            string? Maybe(string value) => random.Next(2) == 0 ? null : value;
        }),
        new("samples: a time is an instant, whatever its offset", stores =>
        {
            var east = new DateTimeOffset(2026, 11, 20, 14, 0, 0, TimeSpan.FromHours(2));
            stores.Samples.Write([Sample(0) with { Time = east }]);
            ExpectEqual(1, stores.Samples.Read(new SampleQuery(From: Noon, To: Noon.AddMicroseconds(1))).Count, "from is included");
            ExpectEqual(0, stores.Samples.Read(new SampleQuery(To: Noon)).Count, "to is excluded");
            ExpectEqual(east, stores.Samples.Read(new SampleQuery()).Single().Time, "time");
        }),
        new("samples: the same sample twice is one", stores =>
        {
            stores.Samples.Write([Sample(0), Sample(1)]);
            stores.Samples.Write([Sample(1), Sample(2), Sample(2)]);
            ExpectEqual(3L, stores.Samples.Count("bike"), "count");
            ExpectEqual(3, stores.Samples.Read(new SampleQuery()).Count, "samples");
        }),
        new("samples: a label can come late", stores =>
        {
            stores.Samples.Write([Sample(0), Sample(1) with { Label = "1" }]);
            Expect(stores.Samples.SetLabel(Sample(0).Id, """{"failed":true}""", Noon.AddDays(3)), "known");
            Expect(stores.Samples.SetLabel(Sample(1).Id, "0", Noon.AddDays(3)), "corrected");
            Expect(!stores.Samples.SetLabel("unknown", "1", Noon), "unknown");
            stores.Reopen();
            ExpectSequence(["0", """{"failed":true}"""], stores.Samples.Read(new SampleQuery()).Select(s => s.Label), "labels");
        }),
        new("samples: a sweep takes what is older, of one use case", stores =>
        {
            var old = Enumerable.Range(0, 5000).Select(i => Sample(i) with { Time = Noon.AddSeconds(i) });
            stores.Samples.Write([.. old, Sample(9000) with { UseCase = "mill", Time = Noon }]);
            ExpectEqual(0, stores.Samples.Sweep("bike", Noon), "nothing is older than the oldest");
            ExpectEqual(4990, stores.Samples.Sweep("bike", Noon.AddSeconds(4990)), "swept");
            ExpectEqual(0, stores.Samples.Sweep("bike", Noon.AddSeconds(4990)), "swept again");
            stores.Reopen();
            ExpectEqual(10L, stores.Samples.Count("bike"), "left");
            ExpectEqual(10, stores.Samples.Read(new SampleQuery(UseCase: "bike")).Count, "read");
            ExpectEqual(1L, stores.Samples.Count("mill"), "of the other use case");
            ExpectEqual(0L, stores.Samples.Count("boat"), "of an unknown one");
        }),
        new("samples: many writers at once lose none", async stores =>
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
            {
                for (var batch = 0; batch < 5; batch++)
                {
                    stores.Samples.Write([.. Enumerable.Range(0, 50).Select(i => Sample((writer * 1000) + (batch * 50) + i))]);
                    stores.UseCases.Commit($"writer-{writer}", $"{batch}", []);
                }
            })));
            ExpectEqual(1000L, stores.Samples.Count("bike"), "count");
            ExpectEqual(1000, stores.Samples.Read(new SampleQuery(UseCase: "bike", Limit: 5000)).Select(s => s.Id).Distinct().Count(), "samples");
            ExpectEqual("4", stores.UseCases.Position("writer-3"), "position");
        }),
    ];

    private static Sample Sample(int i) => new($"sample-{i:D6}", "bike", "bike-demand", 1, Noon.AddMicroseconds(i), $"{{\"temp\":{i}}}", $"{{\"prediction\":{i}.5}}");
}
