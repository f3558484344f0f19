using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Formats.Pmml.Models.GeneralRegression;

internal enum ModelType : byte
{
    Regression,
    GeneralLinear,
    MultinomialLogistic,
    OrdinalMultinomial,
    GeneralizedLinear,
    CoxRegression,
}

/// <summary>The element <c>GeneralRegressionModel</c>: linear, generalized linear, multinomial and ordinal models, and Cox regression (PMML 4.4.1, General Regression).</summary>
internal sealed class GeneralRegressionModel : ModelElement
{
    /// <summary>Their matrix takes memory, and each row time, with the square of the parameters.</summary>
    private const int MaxCovariances = 4096;

    private static readonly Choices<ModelType> ModelTypes = new(
        ("regression", ModelType.Regression), ("generalLinear", ModelType.GeneralLinear), ("multinomialLogistic", ModelType.MultinomialLogistic),
        ("ordinalMultinomial", ModelType.OrdinalMultinomial), ("generalizedLinear", ModelType.GeneralizedLinear), ("CoxRegression", ModelType.CoxRegression));

    private static readonly Choices<LinkFunction> Links = new(
        ("cloglog", LinkFunction.CLogLog), ("identity", LinkFunction.Identity), ("log", LinkFunction.Log), ("logc", LinkFunction.LogC), ("logit", LinkFunction.Logit),
        ("loglog", LinkFunction.LogLog), ("negbin", LinkFunction.NegBin), ("oddspower", LinkFunction.OddsPower), ("power", LinkFunction.Power), ("probit", LinkFunction.Probit));

    private static readonly Choices<LinkFunction> CumulativeLinks = new(
        ("logit", LinkFunction.Logit), ("probit", LinkFunction.Probit), ("cloglog", LinkFunction.CLogLog), ("loglog", LinkFunction.LogLog), ("cauchit", LinkFunction.Cauchit));

    private GeneralRegressionModel(ElementReader e) : base(new ModelHeader(e))
    {
        Type = e.RequireChoice("modelType", ModelTypes);
        HasLink = e.Attribute("linkFunction") is not null;
        Link = e.Choice("linkFunction", Links, LinkFunction.Identity);
        CumulativeLink = e.Attribute("cumulativeLink") is null ? null : e.RequireChoice("cumulativeLink", CumulativeLinks);
        LinkParameter = e.Number("linkParameter");
        DistributionParameter = e.Number("distParameter");
        ReferenceCategory = e.Attribute("targetReferenceCategory");
        OffsetVariable = e.Attribute("offsetVariable");
        OffsetValue = e.Number("offsetValue", 0);
        TrialsVariable = e.Attribute("trialsVariable");
        TrialsValue = e.Number("trialsValue", 1);
        EndTimeVariable = e.Attribute("endTimeVariable");
        StrataVariable = e.Attribute("baselineStrataVariable");
    }

    public ModelType Type { get; }

    public LinkFunction Link { get; }

    public bool HasLink { get; }

    public LinkFunction? CumulativeLink { get; }

    public double? LinkParameter { get; }

    public double? DistributionParameter { get; }

    public string? ReferenceCategory { get; }

    public string? OffsetVariable { get; }

    public double OffsetValue { get; }

    public string? TrialsVariable { get; }

    public double TrialsValue { get; }

    public string? EndTimeVariable { get; }

    public string? StrataVariable { get; }

    /// <summary>The reference points of the parameters, by name.</summary>
    public Dictionary<string, double> Parameters { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Predictor> Factors { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Covariates { get; } = new(StringComparer.Ordinal);

    public List<PredictorCell> Predictors { get; } = [];

    public List<ParameterCell> Estimates { get; } = [];

    public List<CovarianceCell> Covariances { get; } = [];

    public ImmutableArray<BaselineTable> Baselines { get; private set; } = [];

    public static GeneralRegressionModel Read(ElementReader e)
    {
        var model = new GeneralRegressionModel(e);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (!model.Header.TryRead(e)) model.ReadPart(e);
        }
        return model;
    }

    public override RowModel Bind(ModelScope scope) => Type switch
    {
        ModelType.CoxRegression => HazardsBinder.Bind(this, scope),
        _ when Header.Function == MiningFunction.Classification => CategoriesBinder.Bind(this, scope),
        ModelType.MultinomialLogistic or ModelType.OrdinalMultinomial => throw Header.Place.Fault("a model of categories has functionName=\"classification\""),
        _ => BindNumber(scope),
    };

    /// <summary>The link of a generalized linear model, with the parameter it needs.</summary>
    /// <exception cref="Core.ModelException">The link or its parameter is absent.</exception>
    public InverseLink BindLink()
    {
        if (!HasLink) throw Header.Place.Fault("modelType=\"generalizedLinear\" needs the attribute 'linkFunction'");
        return Link switch
        {
            LinkFunction.NegBin => new InverseLink(Link, DistributionParameter ?? throw Header.Place.Fault("linkFunction=\"negbin\" needs the attribute 'distParameter'")),
            LinkFunction.OddsPower or LinkFunction.Power => new InverseLink(Link, LinkParameter ?? throw Header.Place.Fault("this linkFunction needs the attribute 'linkParameter'")),
            _ => new InverseLink(Link, 0),
        };
    }

    public RowNumber BindOffset(ModelScope scope) => BindNumber(OffsetVariable, OffsetValue, scope);

    private GeneralizedLinearRegression BindNumber(ModelScope scope)
    {
        foreach (var cell in Estimates)
        {
            if (cell.TargetCategory is not null) throw cell.Place.Fault("targetCategory is for classifications");
        }
        var design = new DesignBinder(this, scope);
        var estimates = design.Bind(null, Estimates);
        var link = Type == ModelType.GeneralizedLinear ? BindLink() : default;
        var (offset, trials) = Type == ModelType.GeneralizedLinear ? (BindOffset(scope), BindNumber(TrialsVariable, TrialsValue, scope)) : (default, new RowNumber(null, 1));
        var asksForError = link.Link == LinkFunction.Identity && Header.Output.Any(o => o.Feature == OutputFeature.StandardError);
        var covariances = asksForError ? BindCovariances() : [];
        var result = scope.NumberResult();
        if (!covariances.IsEmpty) result = result with { StandardError = scope.Program.Slot() };
        return new GeneralizedLinearRegression(result, design.Build(), estimates, link, offset, trials, covariances);
    }

    /// <summary>The cells of one triangle may be left out, and those of parameters that are not estimated.</summary>
    private ImmutableArray<double> BindCovariances()
    {
        if (Covariances.Count == 0) return [];
        var size = Estimates.Count;
        if (size > MaxCovariances) throw Header.Place.Fault($"standard errors of a model with {size} parameters; at most {MaxCovariances} are allowed");
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < size; i++) index[Estimates[i].Parameter] = i;
        var values = new double[size * size];
        foreach (var cell in Covariances)
        {
            if (!index.TryGetValue(cell.Row, out var row) || !index.TryGetValue(cell.Column, out var column)) continue;
            values[(row * size) + column] = values[(column * size) + row] = cell.Value;
        }
        return [.. values];
    }

    private RowNumber BindNumber(string? field, double constant, ModelScope scope)
    {
        if (field is null) return new RowNumber(null, constant);
        var value = scope.Fields.Resolve(field, Header.Place).Value;
        return value.Type == CellType.Text ? throw Header.Place.Fault($"the field '{field}' is text, a number is needed") : new RowNumber(value, constant);
    }

    private void ReadPart(ElementReader e)
    {
        switch (e.Name)
        {
            case "ParameterList":
                ReadEach(e, "Parameter", () => Parameters[e.Require("name")] = e.Number("referencePoint", 0));
                break;
            case "FactorList":
                ReadEach(e, "Predictor", () =>
                {
                    var predictor = Predictor.Read(e);
                    Factors[predictor.Field] = predictor;
                });
                break;
            case "CovariateList":
                ReadEach(e, "Predictor", () => Covariates.Add(e.Require("name")));
                break;
            case "PPMatrix":
                ReadEach(e, "PPCell", () => Predictors.Add(PredictorCell.Read(e)));
                break;
            case "PCovMatrix":
                ReadEach(e, "PCovCell", () => Covariances.Add(CovarianceCell.Read(e)));
                break;
            case "ParamMatrix":
                ReadEach(e, "PCell", () => Estimates.Add(ParameterCell.Read(e)));
                break;
            case "BaseCumHazardTables":
                Baselines = BaselineTable.ReadAll(e);
                break;
        }
    }

    private static void ReadEach(ElementReader e, string name, Action read)
    {
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == name) read();
        }
    }
}
