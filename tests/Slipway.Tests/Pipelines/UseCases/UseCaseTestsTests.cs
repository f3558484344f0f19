using Slipway.Core;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

public class UseCaseTestsTests
{
    private static readonly TableSchema Source = new([new("city", ElementType.Bytes), new("a", ElementType.Float64), new("b", ElementType.Int64), new("open", ElementType.Bool)]);

    [Fact]
    public async Task Tests_that_hold_pass()
    {
        var results = await Run("""
            - name: exactly
              given: [{ city: Ulm, a: 0.1, b: 2, open: true }]
              expect: [{ prediction: 2.1, city: Ulm, open: true, b: 2, a: 0.1 }]
            - given: [{ a: 1, b: 1 }, { a: 2, b: 1 }]
              expect: [{ prediction: { near: 2.05, within: 0.06 }, city: null }, { prediction: { min: 3, max: 3 } }]
            - given: [{ a: 1, b: 1 }]
              expect: [{}]
            """);
        Assert.Equal(["exactly", "tests[1]", "tests[2]"], results.Select(r => r.Name));
        Assert.All(results, result => Assert.True(result.Passed, string.Join("; ", result.Differences)));
    }

    [Fact]
    public async Task Every_difference_is_named()
    {
        var results = await Run("""
            - given: [{ city: Ulm, a: 1, b: 2, open: true }, { a: -1, b: 1 }, { city: Bonn, a: 1, b: 1 }]
              expect:
                - { prediction: 4, city: Bonn, open: false, b: { max: 1 }, a: { min: 2, max: 3 } }
                - { prediction: 0 }
                - { prediction: { near: 2.5, within: 0.25 }, city: null }
            """);
        Assert.Equal(
            [
                "row 1: model: -1 is negative",
                "row 0: prediction: expected 4, found 3",
                "row 0: city: expected Bonn, found 'Ulm'",
                "row 0: open: expected false, found true",
                "row 0: b: expected at most 1, found 2",
                "row 0: a: expected from 2 to 3, found 1",
                "row 2: prediction: expected 2.5 ± 0.25, found 2 (0.5 away)",
                "row 2: city: expected no value, found 'Bonn'",
            ],
            Assert.Single(results).Differences);
    }

    [Fact]
    public void Columns_can_be_taken_from_the_given_rows()
    {
        var spec = Document("- { given: [{ a: 1, city: x, n: null }, { a: 2.5, open: true }], expect: [{}, {}] }").Value;
        Assert.Equal("a FP64, city BYTES, n FP64, open BOOL", UseCaseTests.SchemaOfGiven(spec)!.ToString());
        Assert.Null(UseCaseTests.SchemaOfGiven(Specs.Read("use-case: t\nsource: request\nmodel: m").Value));
        var mixed = Document("- { given: [{ a: 1 }, { a: x }], expect: [{}, {}] }").Value;
        Assert.Contains("both FP64 and BYTES", Assert.Throws<SlipwayException>(() => UseCaseTests.SchemaOfGiven(mixed)).Message, StringComparison.Ordinal);
    }

    private static Slipway.Core.Specs.SpecDocument<UseCaseSpec> Document(string tests) => Specs.Read("use-case: t\nsource: request\nmodel: m\ntests:\n" + tests);

    private static async Task<IReadOnlyList<UseCaseTestResult>> Run(string tests)
    {
        var scorer = new SumScorer("a", "b");
        var document = Document(tests);
        return await UseCaseTests.RunAsync(UseCaseCompiler.Bind(document, Source, scorer.SignatureOf(document.Value.Model)), scorer, TestContext.Current.CancellationToken);
    }
}
