using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Statistics;
using Slipway.Models.Formats.Pmml.Transformations;

namespace Slipway.Models.Formats.Pmml.Models;

internal enum MiningFunction : byte
{
    Regression,
    Classification,
    Clustering,
    AssociationRules,
    Sequences,
    TimeSeries,
    Mixed,
}

/// <summary>
/// What every model element has (PMML 4.4.1, General Structure: MODEL-ELEMENT). Made from the attributes; then the element's reader offers it every child.
/// </summary>
internal sealed class ModelHeader
{
    private static readonly Choices<MiningFunction> Functions = new(
        ("regression", MiningFunction.Regression), ("classification", MiningFunction.Classification), ("clustering", MiningFunction.Clustering),
        ("associationRules", MiningFunction.AssociationRules), ("sequences", MiningFunction.Sequences), ("timeSeries", MiningFunction.TimeSeries), ("mixed", MiningFunction.Mixed));

    private static readonly Choices<bool> MathContexts = new(("float", true), ("double", false));

    private readonly List<OutputField> _resultFields = [];

    public ModelHeader(ElementReader e)
    {
        Place = e.Place;
        Name = e.Attribute("modelName");
        Function = e.RequireChoice("functionName", Functions);
        Algorithm = e.Attribute("algorithmName");
        IsScorable = e.Boolean("isScorable", true);
        IsFloat = e.Choice("x-mathContext", MathContexts, false);
    }

    public Place Place { get; }

    public string? Name { get; }

    public MiningFunction Function { get; }

    public string? Algorithm { get; }

    public bool IsScorable { get; }

    /// <summary>The producer computes in float32 (JPMML's <c>x-mathContext="float"</c>): sums, links and targets must, too.</summary>
    public bool IsFloat { get; }

    public ImmutableArray<MiningField> MiningSchema { get; private set; } = [];

    /// <summary>The output fields, then the result fields that a model inside another has.</summary>
    public ImmutableArray<OutputField> Output
    {
        get
        {
            if (_resultFields.Count > 0) field = [.. field, .. _resultFields];
            _resultFields.Clear();
            return field;
        }
        private set;
    } = [];

    public ImmutableArray<Target> Targets { get; private set; } = [];

    public ImmutableArray<DerivedField> LocalTransformations { get; private set; } = [];

    public ModelVerification? Verification { get; private set; }

    public ImmutableArray<UnivariateStats> Statistics { get; private set; } = [];

    /// <summary>Reads the current element when it is one that every model may have.</summary>
    public bool TryRead(ElementReader e)
    {
        switch (e.Name)
        {
            case "MiningSchema":
                MiningSchema = MiningField.ReadSchema(e);
                return true;
            case "Output":
                Output = OutputField.ReadAll(e);
                return true;
            case "ResultField":
                _resultFields.Add(OutputField.Read(e) with { IsFinalResult = false });
                return true;
            case "Targets":
                Targets = Target.ReadAll(e);
                return true;
            case "LocalTransformations":
                LocalTransformations = DerivedField.ReadAll(e);
                return true;
            case "ModelVerification":
                Verification = ModelVerification.Read(e);
                return true;
            case "ModelStats":
                Statistics = UnivariateStats.ReadAll(e);
                return true;
            default:
                return false;
        }
    }
}
