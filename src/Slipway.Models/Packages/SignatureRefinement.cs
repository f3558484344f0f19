using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Packages;

/// <summary>
/// A model's own signature with what <c>model.yaml</c> adds: sizes the model leaves open, column names, optionality, allowed values.
/// Names, types and shapes that both give must agree.
/// </summary>
internal sealed class SignatureRefinement(Func<string, string, SpecProblem> problemAt)
{
    private const string Root = "signature";

    private readonly List<SpecProblem> _problems = [];

    /// <param name="file">The manifest, for error messages.</param>
    /// <exception cref="SpecException">They do not agree; every disagreement is listed at its place.</exception>
    public Signature Refine(Signature model, PackageSignature given, string file)
    {
        var refined = model with { Inputs = Refine("input", model.Inputs, given.Inputs), Outputs = Refine("output", model.Outputs, given.Outputs) };
        if (_problems.Count == 0)
        {
            try
            {
                refined.Validate();
            }
            catch (ModelException e)
            {
                Report(Root, e.Message);
            }
        }
        return _problems.Count == 0 ? refined : throw new SpecException(file, _problems);
    }

    private ImmutableArray<TensorSpec> Refine(string kind, ImmutableArray<TensorSpec> model, ImmutableArray<PackageTensor> given)
    {
        if (given.IsDefaultOrEmpty) return model;
        var refined = model.ToBuilder();
        var named = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < given.Length; i++)
        {
            var (tensor, path) = (given[i], $"{Root}.{kind}s[{i}]");
            var index = IndexOf(model, tensor.Name);
            if (index < 0) Report($"{path}.name", $"the model has no {kind} '{tensor.Name}'; it has: {string.Join(", ", model)}");
            else if (!named.Add(tensor.Name)) Report($"{path}.name", $"'{tensor.Name}' is given twice");
            else refined[index] = Refine(path, kind, model[index], tensor);
        }
        return refined.DrainToImmutable();
    }

    private TensorSpec Refine(string path, string kind, TensorSpec model, PackageTensor given)
    {
        if (given.Type is { } type && type.Value != model.Type) Report($"{path}.type", $"{type} is given, the model file says {model.Type.ProtocolName}");
        if (kind == "output" && given.Optional) Report($"{path}.optional", "an output is always answered; optional is for inputs");
        if (!given.Allowed.IsDefaultOrEmpty && (kind == "output" || model.Type != ElementType.Bytes))
        {
            Report($"{path}.allowed", $"allowed values are for text inputs (BYTES); this is an {kind} of type {model.Type.ProtocolName}");
        }
        return model with
        {
            Shape = ShapeOf(path, model, given),
            Columns = ColumnsOf(path, model, given),
            Optional = model.Optional || given.Optional,
            AllowedValues = given.Allowed.IsDefaultOrEmpty ? model.AllowedValues : given.Allowed,
        };
    }

    private ImmutableArray<long> ShapeOf(string path, TensorSpec model, PackageTensor given)
    {
        if (given.Shape.IsDefaultOrEmpty) return model.Shape;
        var agrees = given.Shape.Length == model.Shape.Length;
        for (var i = 0; agrees && i < given.Shape.Length; i++) agrees = given.Shape[i] == model.Shape[i] || given.Shape[i] == -1 || (model.Shape[i] < 0 && given.Shape[i] >= 0);
        if (agrees) return [.. model.Shape.Zip(given.Shape, (m, g) => m >= 0 ? m : g)];
        Report($"{path}.shape", $"[{string.Join(',', given.Shape)}] is given, the model file says [{string.Join(',', model.Shape)}]");
        return model.Shape;
    }

    private ImmutableArray<string> ColumnsOf(string path, TensorSpec model, PackageTensor given)
    {
        if (given.Columns.IsDefaultOrEmpty) return model.Columns;
        if (!model.Columns.IsEmpty && !model.Columns.SequenceEqual(given.Columns) && !ColumnNames.ArePlaces(model.Columns))
        {
            Report($"{path}.columns", $"the model file has its own column names, which differ: {string.Join(", ", model.Columns)}");
        }
        return given.Columns;
    }

    private void Report(string path, string message) => _problems.Add(problemAt(path, message));

    private static int IndexOf(ImmutableArray<TensorSpec> specs, string name)
    {
        for (var i = 0; i < specs.Length; i++)
        {
            if (specs[i].Name == name) return i;
        }
        return -1;
    }
}
