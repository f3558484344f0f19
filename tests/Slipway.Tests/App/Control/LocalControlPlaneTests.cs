using Slipway.App.Api;
using Slipway.App.Control;
using Slipway.Core;

namespace Slipway.Tests.App.Control;

public sealed class LocalControlPlaneTests : IDisposable
{
    private const string Baskets = """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><DataDictionary><DataField name="basket" optype="categorical" dataType="string"/>
        <DataField name="item" optype="categorical" dataType="string"/></DataDictionary>
        <AssociationModel functionName="associationRules"><MiningSchema><MiningField name="basket" usageType="group"/><MiningField name="item"/></MiningSchema>
        <Item id="1" value="a"/><Itemset id="1"><ItemRef itemRef="1"/></Itemset><AssociationRule antecedent="1" consequent="1" support="1" confidence="1"/></AssociationModel></PMML>
        """;

    private const string Before = """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><DataDictionary><DataField name="y" optype="continuous" dataType="double"/>
        <DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
        <TransformationDictionary><DerivedField name="before" optype="continuous" dataType="double"><Lag field="x" n="1"/></DerivedField></TransformationDictionary>
        <RegressionModel functionName="regression"><MiningSchema><MiningField name="y" usageType="target"/><MiningField name="x"/></MiningSchema>
        <RegressionTable intercept="0"><NumericPredictor name="before" coefficient="1"/></RegressionTable></RegressionModel></PMML>
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The registry alone knows: no model is loaded, also when a package says more about it.</summary>
    [Theory]
    [InlineData(Baskets, RowRelation.Grouped, "csv: { path: rows.csv }", false)]
    [InlineData(Baskets, RowRelation.Grouped, "request: {}", false)]
    [InlineData(Before, RowRelation.Ordered, "csv: { path: rows.csv }", false)]
    [InlineData(Before, RowRelation.Ordered, "request: {}", true)]
    public async Task Apply_refuses_a_model_whose_rows_belong_together(string pmml, RowRelation rows, string source, bool applies)
    {
        var package = _folder.CreateSubdirectory("package").FullName;
        await File.WriteAllTextAsync(Path.Combine(package, "model.pmml"), pmml, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(package, "model.yaml"), "signature:\n  inputs: []\n", Cancellation);
        await using var plane = LocalControlPlane.Open(Path.Combine(_folder.FullName, "data"), "test");
        var yaml = $"use-case: u\nsource: {{ {source} }}\nmodel: m@champion\n";
        var request = new ApplyRequest(yaml, _folder.FullName);
        Assert.Equal("m@champion", (await plane.ApplyAsync("u", request, Cancellation)).Model);
        await plane.RemoveUseCaseAsync("u", Cancellation);

        await plane.PushAsync("m", package, "champion", null, null, Cancellation);
        using (var data = DataFolder.Open(Path.Combine(_folder.FullName, "data"), TimeProvider.System))
        {
            Assert.Equal(rows, Assert.Single(data.Registry.Snapshot().Versions).Signature.Rows);
        }
        if (applies)
        {
            await plane.ApplyAsync("u", request, Cancellation);
            return;
        }
        var problem = Assert.Single((await Assert.ThrowsAsync<SpecException>(() => plane.ApplyAsync("u", request, Cancellation))).Problems);
        Assert.Equal(("model", 3), (problem.Path, problem.Line));
        Assert.StartsWith("m@champion answers ", problem.Message, StringComparison.Ordinal);
        Assert.Empty(await plane.UseCasesAsync(Cancellation));
    }
}
