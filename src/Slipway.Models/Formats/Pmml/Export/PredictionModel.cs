using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.Pmml.Export;

/// <summary>
/// Writes the whole model: the margins themselves, or a chain in which they come first and their transforms follow. Predictions keep the names that the model's
/// signature gives them; the probabilities of a softmax are outputs beside the target, which is the most probable class.
/// </summary>
internal sealed class PredictionModel
{
    private readonly MarginTransform _transform;
    private readonly ExportedFields _fields;
    private readonly MarginModels _margins;
    private readonly PmmlWriter _writer;
    private readonly string[] _targets;
    private readonly string[] _marginNames = [];
    private readonly string[] _probabilities = [];

    /// <exception cref="ModelException">PMML cannot say this transform.</exception>
    public PredictionModel(TreeModelDefinition definition, ExportedFields fields, MarginModels margins, PmmlWriter writer)
    {
        (_transform, _fields, _margins, _writer) = (definition.Transform, fields, margins, writer);
        if (_transform == MarginTransform.Ascending) throw new ModelException("its predictions are sorted row by row (quantiles that must not cross), and PMML has no function that sorts");
        if (ChoosesClass && margins.Count < 2) throw new ModelException("it has one class; a PMML classification has two or more");
        var prediction = definition.Signature.Outputs[0];
        _targets = margins.Count == 1 || ChoosesClass ? [fields.Reserve(prediction.Name)] : NamesOf(prediction);
        if (_transform == MarginTransform.Softmax) _probabilities = NamesOf(prediction);
        if (_transform != MarginTransform.Identity) _marginNames = margins.Count == 1 ? [fields.Reserve("margin")] : Names("margin");
    }

    private bool ChoosesClass => _transform is MarginTransform.Softmax or MarginTransform.ArgMax;

    public void WriteDataFields()
    {
        foreach (var target in _targets)
        {
            _writer.Begin("DataField", ("name", target), ("optype", ChoosesClass ? "categorical" : "continuous"), ("dataType", ChoosesClass ? "integer" : _margins.NumberType));
            for (var category = 0; ChoosesClass && category < _margins.Count; category++) _writer.Element("Value", ("value", PmmlWriter.Number(category)));
            _writer.End();
        }
    }

    public void Write()
    {
        if (_transform == MarginTransform.Identity && _margins.Count == 1)
        {
            _margins.WriteTarget(0, _targets[0]);
            return;
        }
        _writer.Begin("MiningModel", ("functionName", ChoosesClass ? "classification" : "regression"), ("x-mathContext", _margins.MathContext));
        _writer.MiningSchema(_targets, _fields.Names, texts: _fields.Texts);
        _writer.Begin("Segmentation", ("multipleModelMethod", _targets.Length == 1 ? "modelChain" : "x-multiModelChain"));
        if (_transform == MarginTransform.Identity) WriteTargets();
        else WriteTransformed();
        _writer.End();
        _writer.End();
    }

    private void WriteTargets()
    {
        for (var margin = 0; margin < _margins.Count; margin++)
        {
            _writer.BeginSegment(margin + 1);
            _margins.WriteTarget(margin, _targets[margin]);
            _writer.End();
        }
    }

    private void WriteTransformed()
    {
        for (var margin = 0; margin < _margins.Count; margin++)
        {
            _writer.BeginSegment(margin + 1);
            _margins.WriteField(margin, _marginNames[margin]);
            _writer.End();
        }
        var models = new TransformModels(_fields, _writer, _margins.IsFloat);
        for (var target = 0; target < _targets.Length; target++)
        {
            _writer.BeginSegment(_margins.Count + target + 1);
            WriteTransform(models, target);
            _writer.End();
        }
    }

    private void WriteTransform(TransformModels models, int target)
    {
        switch (_transform)
        {
            case MarginTransform.Sigmoid:
                models.WriteSigmoid(_marginNames[target], _targets[target]);
                break;
            case MarginTransform.Exponential:
                models.WriteExponential(_marginNames[target], _targets[target]);
                break;
            case MarginTransform.Step:
                models.WriteStep(_marginNames[target], _targets[target]);
                break;
            case MarginTransform.Softmax:
                models.WriteSoftmax(_marginNames, _targets[target], _probabilities);
                break;
            case MarginTransform.ArgMax:
                models.WriteLargest(_marginNames, _targets[target]);
                break;
            default:
                throw new ModelException($"the transform {_transform} cannot be written as PMML");
        }
    }

    private string[] NamesOf(TensorSpec prediction) =>
        prediction.Columns.IsEmpty ? Names(prediction.Name) : [.. prediction.Columns.Select(_fields.Reserve)];

    private string[] Names(string stem)
    {
        var names = new string[_margins.Count];
        for (var i = 0; i < names.Length; i++) names[i] = _fields.Reserve($"{stem}_{PmmlWriter.Number(i)}");
        return names;
    }
}
