using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>GET /v1/balance and /v1/user/balance: the sandbox has one account with one key, so both tell the same.</summary>
internal sealed class Balances(SandboxState state)
{
    public SandboxResponse Get(SandboxRequest request) => SandboxResponse.Bare(json =>
    {
        json.WriteBoolean("success", true);
        json.WriteNumber("remain_balance", state.Remaining ?? -1);
        json.WriteNumber("used_balance", state.Used);
        json.WriteBoolean("unlimited_quota", state.Remaining is null);
    });
}
