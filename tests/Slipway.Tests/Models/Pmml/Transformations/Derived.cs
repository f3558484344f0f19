using Slipway.Core;

namespace Slipway.Tests.Models.Pmml.Transformations;

/// <summary>A model that answers the value of one derived field.</summary>
internal sealed class Derived : IDisposable
{
    private readonly PmmlTest _model;

    /// <param name="fields">As <see cref="PmmlTest"/> takes them.</param>
    /// <param name="expression">The content of the derived field.</param>
    public Derived(string fields, string expression, string dataType = "double") => _model = new PmmlTest(fields, Model(expression, dataType));

    public static string Model(string expression, string dataType = "double") => $"""
        <RegressionModel functionName="regression"><MiningSchema/>
        <Output><OutputField name="out" dataType="{dataType}" optype="categorical" feature="transformedValue"><FieldRef field="derived"/></OutputField></Output>
        <LocalTransformations><DerivedField name="derived" dataType="{dataType}" optype="categorical">{expression}</DerivedField></LocalTransformations>
        <RegressionTable intercept="0"/></RegressionModel>
        """;

    public object? this[params (string Field, object? Value)[] row] => _model.Score(row)["out"];

    /// <summary>What opening a model with the expression says.</summary>
    public static string Fault(string fields, string expression, string dataType = "double") =>
        Assert.Throws<ModelException>(() => new Derived(fields, expression, dataType)).Message;

    public void Dispose() => _model.Dispose();
}
