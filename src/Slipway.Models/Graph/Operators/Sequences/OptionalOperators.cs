using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Optional: an optional that holds the input, or nothing of a given type (ai.onnx 15).</summary>
internal sealed class OptionalOf : Operator
{
    private readonly GraphType? _type;

    public OptionalOf(NodeInfo node)
    {
        _type = node.Type("type");
        if (_type is null && !node.HasInput(0)) throw node.Wrong("neither an input nor attribute 'type' is given");
    }

    public override void Infer(InferenceContext context)
    {
        if ((context.HasInput(0) ? context.InputType(0) : _type) is { } item) context.SetOutput(0, new OptionalType(item));
    }

    public override void Run(RunContext context)
    {
        var content = context.HasInput(0) ? context.InputValue(0).Copy() : null;
        context.Set(0, new OptionalValue(SequenceItems.Loose(content?.Type ?? _type!), content));
    }
}

/// <summary>OptionalGetElement: what an optional holds (ai.onnx 15; 18: any other value is returned as it is).</summary>
internal sealed class OptionalGetElement : Operator
{
    public override void Infer(InferenceContext context)
    {
        if (context.InputType(0) is { } type) context.SetOutput(0, type is OptionalType optional ? optional.Item : type);
    }

    public override void Run(RunContext context)
    {
        switch (context.InputValue(0))
        {
            case OptionalValue optional:
                context.Set(0, optional.Content ?? throw new RecordException("the optional holds nothing"));
                break;
            case TensorValue tensor:
                context.Allocate(0, tensor.Element, tensor.Shape).CopyFrom(tensor);
                break;
            case var other:
                context.Set(0, other);
                break;
        }
    }
}

/// <summary>OptionalHasElement: whether an optional holds something, as a boolean scalar; true for other values, false without an input (ai.onnx 15; 18).</summary>
internal sealed class OptionalHasElement : Operator
{
    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.Bool, Shape.Scalar);

    public override void Run(RunContext context)
    {
        var holds = context.HasInput(0) && context.InputValue(0) is not OptionalValue { Content: null };
        context.Output(0).Values<byte>()[0] = holds ? (byte)1 : (byte)0;
    }
}
