using Slipway.Core;

namespace Slipway.Conformance;

public static partial class StoreChecks
{
    public static IReadOnlyList<StoreCheck> Alerts =>
    [
        new("alerts: fire, end, and are listed firing first, then newest first", stores =>
        {
            var first = stores.Alerts.Start("bike", "drift torque", "psi 0.4", Noon);
            var second = stores.Alerts.Start("bike", "latency.p99 < 50ms", "81 ms", Noon.AddMinutes(1));
            var third = stores.Alerts.Start("mill", "drift torque", "psi 0.3", Noon.AddMinutes(2));
            stores.Alerts.End(third.Id, Noon.AddMinutes(3));
            stores.Reopen();
            ExpectSequence([second, first, third with { EndedAt = Noon.AddMinutes(3) }], stores.Alerts.List(null), "alerts");
            ExpectSequence([second, first], stores.Alerts.List("bike"), "alerts of one use case");
            ExpectSequence([second], stores.Alerts.List(null, 1), "with a limit");
        }),
        new("alerts: a watch that fires does not fire again until it ended", stores =>
        {
            var first = stores.Alerts.Start("bike", "drift torque", "psi 0.4", Noon);
            ExpectEqual(first, stores.Alerts.Start("bike", "drift torque", "psi 0.5", Noon.AddMinutes(1)), "started again");
            stores.Alerts.End(first.Id, Noon.AddMinutes(2));
            var next = stores.Alerts.Start("bike", "drift torque", "psi 0.6", Noon.AddMinutes(3));
            Expect(next.Id != first.Id && next.EndedAt is null, "another alert after the first ended");
        }),
        new("alerts: the first end stays", stores =>
        {
            var alert = stores.Alerts.Start("bike", "drift torque", "psi 0.4", Noon);
            stores.Alerts.End(alert.Id, Noon.AddMinutes(1));
            stores.Alerts.End(alert.Id, Noon.AddMinutes(2));
            ExpectEqual(Noon.AddMinutes(1), stores.Alerts.List("bike").Single().EndedAt, "ended at");
            ExpectThrows<NotFoundException>(() => stores.Alerts.End(alert.Id + 1, Noon), "an unknown alert");
        }),
    ];
}
