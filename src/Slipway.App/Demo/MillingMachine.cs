using System.Globalization;

namespace Slipway.App.Demo;

/// <summary>
/// A seeded milling machine, in the manner of the AI4I 2020 predictive-maintenance data: the tool wears and is changed,
/// and the machine fails by tool wear, heat, power or overstrain. The same seed gives the same rows on every machine.
/// </summary>
/// <param name="seed">Chooses the sequence.</param>
/// <param name="driftAfter">From this row on, a worn bearing raises torque and process temperature; null for never.</param>
public sealed class MillingMachine(int seed, long? driftAfter = null)
{
    public const string Header = "id,time,station,type,air_temperature,process_temperature,speed,torque,tool_wear";

    private const double NominalPower = 6000;
    private static readonly string[] Types = ["L", "M", "H"];

#pragma warning disable CA5394 // the rows are meant to be predictable
    private readonly Random _random = new(seed);
    private double _wear;
    private long _id;

    /// <summary>One row of measurements, and whether the machine failed (a label the live rows do not carry).</summary>
    public readonly record struct Row(
        long Id, string Station, string Type, double AirTemperature, double ProcessTemperature, int Speed, double Torque, int ToolWear, bool Failure)
    {
        public string ToCsv(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture,
            $"{Id},{time:yyyy-MM-ddTHH:mm:ssZ},{Station},{Type},{AirTemperature:0.0},{ProcessTemperature:0.0},{Speed},{Torque:0.0},{ToolWear}");
    }

    public Row Next()
    {
        var drifted = driftAfter is { } start && _id >= start;
        var draw = _random.NextDouble();
        var type = draw < 0.6 ? 0 : draw < 0.9 ? 1 : 2;
        var air = Math.Round(300 + (Gaussian() * 2), 1);
        var process = Math.Round(air + 10 + Gaussian() + (drifted ? 1.8 : 0), 1);
        var torque = Math.Max(3.8, 40 + (Gaussian() * 10) + (drifted ? 9 : 0));
        var speed = NominalPower / (torque * 2 * Math.PI / 60);
        speed = Math.Clamp(speed + (Gaussian() * 60), 1168, 2886);
        _wear += type switch { 0 => 2, 1 => 3, _ => 5 };
        if (_wear > 200 + (_random.NextDouble() * 50)) _wear = 0;

        torque = Math.Round(torque, 1);
        var row = new Row(_id, "mill-" + ((_id % 4) + 1).ToString(CultureInfo.InvariantCulture), Types[type], air, process, (int)speed, torque, (int)_wear, false);
        _id++;
        return row with { Failure = Fails(row, type) };
    }

    private bool Fails(Row row, int type)
    {
        var power = row.Torque * row.Speed * 2 * Math.PI / 60;
        var toolWear = row.ToolWear > 200 && _random.NextDouble() < 0.4;
        var heat = row.ProcessTemperature - row.AirTemperature < 8.6 && row.Speed < 1380;
        var powerOut = power is < 3500 or > 9000;
        var overstrain = row.ToolWear * row.Torque > 11_000 + (type * 1000);
        return toolWear || heat || powerOut || overstrain || _random.NextDouble() < 0.001;
    }

    // Box–Muller.
    private double Gaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
#pragma warning restore CA5394
}
