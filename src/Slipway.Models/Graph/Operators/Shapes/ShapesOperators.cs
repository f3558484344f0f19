namespace Slipway.Models.Graph;

/// <summary>Operators that lay elements out in other shapes.</summary>
internal static class ShapesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("Reshape", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new Reshape(n));
        catalog.Add("Reshape", 5, minInputs: 2, maxInputs: 2, maxOutputs: 1, static n => new Reshape(n));
        catalog.Add("Shape", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new ShapeOf(n));
        catalog.Add("Size", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static _ => new SizeOf());
        catalog.Add("Squeeze", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new Squeeze(n));
        catalog.Add("Squeeze", 13, minInputs: 1, maxInputs: 2, maxOutputs: 1, static n => new Squeeze(n));
        catalog.Add("Unsqueeze", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new Unsqueeze(n));
        catalog.Add("Unsqueeze", 13, minInputs: 2, maxInputs: 2, maxOutputs: 1, static n => new Unsqueeze(n));
        catalog.Add("Flatten", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new Flatten(n));
        catalog.Add("Identity", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static _ => new Identity());
        catalog.Add("Transpose", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new Transpose(n));
        catalog.Add("Concat", 1, minInputs: 1, maxInputs: int.MaxValue, maxOutputs: 1, static n => new Concat(n));
        catalog.Add("Split", 1, minInputs: 1, maxInputs: 2, maxOutputs: int.MaxValue, static n => new Split(n));
        catalog.Add("Split", 2, minInputs: 1, maxInputs: 1, maxOutputs: int.MaxValue, static n => new Split(n));
        catalog.Add("Split", 13, minInputs: 1, maxInputs: 2, maxOutputs: int.MaxValue, static n => new Split(n));
        catalog.Add("Slice", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new Slice(n));
        catalog.Add("Slice", 10, minInputs: 3, maxInputs: 5, maxOutputs: 1, static n => new Slice(n));
        catalog.Add("Pad", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new Pad(n));
        catalog.Add("Pad", 11, minInputs: 2, maxInputs: 3, maxOutputs: 1, static n => new Pad(n));
        catalog.Add("Pad", 18, minInputs: 2, maxInputs: 4, maxOutputs: 1, static n => new Pad(n));
        catalog.Add("Tile", 1, minInputs: 3, maxInputs: 3, maxOutputs: 1, static n => new Tile(n));
        catalog.Add("Tile", 6, minInputs: 2, maxInputs: 2, maxOutputs: 1, static n => new Tile(n));
        catalog.Add("Expand", 8, minInputs: 2, maxInputs: 2, maxOutputs: 1, static _ => new Expand());
        catalog.Add("DepthToSpace", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new DepthToSpace(n));
        catalog.Add("SpaceToDepth", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new SpaceToDepth(n));
        catalog.Add("CenterCropPad", 18, minInputs: 2, maxInputs: 2, maxOutputs: 1, static n => new CenterCropPad(n));
        catalog.Add("Crop", 1, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new Crop(n));
    }
}
