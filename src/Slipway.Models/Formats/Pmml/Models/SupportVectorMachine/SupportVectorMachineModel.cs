using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.VectorMachines;

namespace Slipway.Models.Formats.Pmml.Models.SupportVectorMachine;

/// <summary>The element <c>SupportVectorMachineModel</c> (PMML 4.4.1, Support Vector Machine).</summary>
internal sealed class SupportVectorMachineModel : ModelElement
{
    private static readonly Choices<bool> Representations = new(("SupportVectors", false), ("Coefficients", true));

    private static readonly Choices<bool> Methods = new(("OneAgainstOne", true), ("OneAgainstAll", false));

    private readonly bool _isWeights;
    private readonly bool? _isOneAgainstOne;
    private readonly bool _maxWins;
    private readonly double _threshold;
    private readonly string? _alternateBinaryCategory;
    private readonly List<MachineElement> _machines = [];
    private KernelFunction _kernel;
    private VectorDictionary? _dictionary;

    private SupportVectorMachineModel(ElementReader e) : base(new ModelHeader(e))
    {
        _isWeights = e.Choice("svmRepresentation", Representations, false);
        _isOneAgainstOne = e.Attribute("classificationMethod") is null ? null : e.RequireChoice("classificationMethod", Methods);
        _maxWins = e.Boolean("maxWins", false);
        _threshold = e.Number("threshold", 0);
        _alternateBinaryCategory = e.Attribute("alternateBinaryTargetCategory");
    }

    public static SupportVectorMachineModel Read(ElementReader e)
    {
        var model = new SupportVectorMachineModel(e);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (!model.Header.TryRead(e)) model.ReadPart(e);
        }
        var place = model.Header.Place;
        if (model._dictionary is null) throw place.Fault("it has no VectorDictionary");
        if (model._machines.Count == 0) throw place.Fault("it has no SupportVectorMachine");
        return model;
    }

    public override RowModel Bind(ModelScope scope)
    {
        var isClassification = Header.Function == MiningFunction.Classification;
        if (_isWeights && _kernel.Kind != KernelKind.Linear) throw Header.Place.Fault("svmRepresentation=\"Coefficients\" needs a LinearKernelType");
        if (!isClassification && _machines.Count != 1) throw Header.Place.Fault($"a regression has one SupportVectorMachine; {_machines.Count} are there");
        var functions = FunctionsBinder.Bind(_dictionary!, [.. _machines], _kernel, _isWeights, scope);
        if (!isClassification) return new VectorMachineRegression(scope.NumberResult(), functions);
        return _isOneAgainstOne ?? DecidesBetweenTwo() ? BindOneAgainstOne(scope, functions) : BindOneAgainstAll(scope, functions);
    }

    /// <summary>Files that do not say their method are taken for what their categories are given for.</summary>
    private bool DecidesBetweenTwo() => _alternateBinaryCategory is not null || _machines[0].AlternateCategory is not null;

    private OneAgainstAll BindOneAgainstAll(ModelScope scope, DecisionFunctions functions)
    {
        var own = _machines.Select(m => Target(m, scope)).ToList();
        var result = Result(scope, own);
        return new OneAgainstAll(result, functions, [.. own.Select(c => result.Categories.IndexOf(c))], _maxWins);
    }

    private OneAgainstOne BindOneAgainstOne(ModelScope scope, DecisionFunctions functions)
    {
        var pairs = _machines.Select(m => (Target: Target(m, scope), Alternate: Alternate(m, scope))).ToList();
        var result = Result(scope, pairs.SelectMany(p => new[] { p.Target, p.Alternate }));
        result = result with { Probabilities = scope.Program.Slots(result.Categories.Length) };
        var duels = ImmutableArray.CreateBuilder<Duel>(pairs.Count);
        for (var i = 0; i < pairs.Count; i++)
        {
            var (target, alternate) = (result.Categories.IndexOf(pairs[i].Target), result.Categories.IndexOf(pairs[i].Alternate));
            if (_alternateBinaryCategory is not null) duels.Add(new Duel(alternate, target, 0.5));
            else if (_maxWins) duels.Add(new Duel(alternate, target, _machines[i].Threshold ?? _threshold));
            else duels.Add(new Duel(target, alternate, _machines[i].Threshold ?? _threshold));
        }
        return new OneAgainstOne(result, functions, duels.DrainToImmutable(), aboveOnly: _maxWins && _alternateBinaryCategory is null);
    }

    /// <summary>In the target's order; of files whose target lists none, in the order in which the machines name them.</summary>
    private static ModelResult Result(ModelScope scope, IEnumerable<double> named)
    {
        ImmutableArray<double> categories = [.. scope.Target.Categories.Concat(named).Distinct()];
        return new ModelResult
        {
            Predicted = scope.Program.Slot(),
            Type = scope.Target.Format.Type,
            Categories = categories,
            Affinities = scope.Program.Slots(categories.Length),
        };
    }

    private static double Target(MachineElement machine, ModelScope scope) =>
        scope.Category(machine.TargetCategory ?? throw machine.Place.Fault("a classification needs the attribute 'targetCategory'"), machine.Place);

    /// <summary>Old files leave it out where the target has only two categories.</summary>
    private double Alternate(MachineElement machine, ModelScope scope)
    {
        if ((machine.AlternateCategory ?? _alternateBinaryCategory) is { } text) return scope.Category(text, machine.Place);
        var others = scope.Target.Categories.Remove(Target(machine, scope));
        return others.Length == 1 ? others[0] : throw machine.Place.Fault("classificationMethod=\"OneAgainstOne\" needs the attribute 'alternateTargetCategory'");
    }

    private void ReadPart(ElementReader e)
    {
        switch (e.Name)
        {
            case "LinearKernelType":
                _kernel = new KernelFunction(KernelKind.Linear, 1, 0, 1);
                break;
            case "PolynomialKernelType":
                _kernel = new KernelFunction(KernelKind.Polynomial, e.Number("gamma", 1), e.Number("coef0", 1), e.Number("degree", 1));
                break;
            case "RadialBasisKernelType":
                _kernel = new KernelFunction(KernelKind.RadialBasis, e.Number("gamma", 1), 0, 1);
                break;
            case "SigmoidKernelType":
                _kernel = new KernelFunction(KernelKind.Sigmoid, e.Number("gamma", 1), e.Number("coef0", 1), 1);
                break;
            case "VectorDictionary":
                _dictionary = VectorDictionary.Read(e);
                break;
            case "SupportVectorMachine":
                _machines.Add(MachineElement.Read(e));
                break;
        }
    }
}
