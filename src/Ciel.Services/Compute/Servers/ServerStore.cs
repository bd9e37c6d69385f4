using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>The SQL of servers.</summary>
internal static class ServerStore
{
    public static Task<Server?> Find(Reader reader, string id) => reader.First<Server>("SELECT * FROM compute_server WHERE id = @id", new { id });

    /// <summary>The server, kept from others until the transaction ends.</summary>
    public static Task<Server?> Lock(Tx tx, string id) => tx.First<Server>($"SELECT * FROM compute_server WHERE id = @id {tx.Dialect.ForUpdate}", new { id });

    /// <summary>A server that is not yet gone and that the actor may see.</summary>
    /// <exception cref="Core.Errors.Fault">404 for every other.</exception>
    public static async Task<Server> Visible(Reader reader, Actor actor, string id) =>
        await Find(reader, id) is { DeletedAt: null } server && actor.Sees(server.ProjectId) ? server : throw ServerRules.NotFound(id);

    public static Task Insert(Tx tx, Server server) => tx.Execute(
        """
        INSERT INTO compute_server (id, project_id, user_id, name, host_name, description, image_id, base_sha512, base_size, base_format,
            flavor_id, flavor_copy, other_flavor_id, other_flavor_copy, vcpus, memory_mib, disk_gib, extra_gib, key_name, public_key, user_data, metadata, tags,
            disk_config, zone, wanted_host, hints, group_id, access_ip_v4, access_ip_v6, reservation_id, launch_index, node, vm_state, task_state,
            power_state, desired_on, boots, graceful, deleting, generation, machine_type, cpu_model, created_at, updated_at)
        VALUES (@Id, @ProjectId, @UserId, @Name, @HostName, @Description, @ImageId, @BaseSha512, @BaseSize, @BaseFormat,
            @FlavorId, @FlavorCopy, NULL, NULL, @Vcpus, @MemoryMib, @DiskGib, @ExtraGib, @KeyName, @PublicKey, @UserData, @Metadata, @Tags,
            @DiskConfig, @Zone, @WantedHost, @Hints, @GroupId, @AccessIpV4, @AccessIpV6, @ReservationId, @LaunchIndex, NULL, @VmState, @TaskState,
            @PowerState, @DesiredOn, @Boots, @Graceful, 0, @Generation, @MachineType, @CpuModel, @CreatedAt, @CreatedAt)
        """,
        server);

    /// <summary>Writes all that may change. The row must be locked.</summary>
    public static Task Save(Tx tx, Server server) => tx.Execute(
        """
        UPDATE compute_server SET name = @Name, host_name = @HostName, description = @Description, image_id = @ImageId, base_sha512 = @BaseSha512,
            base_size = @BaseSize, base_format = @BaseFormat, flavor_id = @FlavorId, flavor_copy = @FlavorCopy, other_flavor_id = @OtherFlavorId,
            other_flavor_copy = @OtherFlavorCopy, vcpus = @Vcpus, memory_mib = @MemoryMib, disk_gib = @DiskGib, extra_gib = @ExtraGib, key_name = @KeyName,
            public_key = @PublicKey, user_data = @UserData, metadata = @Metadata, tags = @Tags, disk_config = @DiskConfig, zone = @Zone,
            access_ip_v4 = @AccessIpV4, access_ip_v6 = @AccessIpV6, node = @Node, vm_state = @VmState, task_state = @TaskState,
            power_state = @PowerState, desired_on = @DesiredOn, boots = @Boots, graceful = @Graceful, deleting = @Deleting,
            generation = @Generation, machine_type = @MachineType, cpu_model = @CpuModel, locked_by = @LockedBy, locked_reason = @LockedReason,
            fault_code = @FaultCode, fault_message = @FaultMessage, fault_details = @FaultDetails, fault_at = @FaultAt,
            launched_at = @LaunchedAt, terminated_at = @TerminatedAt, updated_at = @UpdatedAt, deleted_at = @DeletedAt
        WHERE id = @Id
        """,
        server);

    public static Task<List<Nic>> Nics(Reader reader, string serverId) =>
        reader.Query<Nic>("SELECT * FROM compute_nic WHERE server_id = @serverId ORDER BY slot", new { serverId });

    public static Task AddNic(Tx tx, Nic nic) => tx.Execute(
        "INSERT INTO compute_nic (port_id, server_id, slot, owned, state) VALUES (@PortId, @ServerId, @Slot, @Owned, @State)", nic);

    /// <summary>Moves it on, unless it has left that state meanwhile.</summary>
    public static Task<int> MoveNic(Tx tx, Nic nic, string state) => tx.Execute(
        "UPDATE compute_nic SET state = @next WHERE port_id = @PortId AND server_id = @ServerId AND state = @State",
        new { next = state, nic.PortId, nic.ServerId, nic.State });

    public static Task<int> RemoveNic(Tx tx, string portId) => tx.Execute("DELETE FROM compute_nic WHERE port_id = @portId", new { portId });

    public static Task<List<Server>> OfProject(Reader reader, string projectId) =>
        reader.Query<Server>("SELECT * FROM compute_server WHERE project_id = @projectId AND deleted_at IS NULL ORDER BY id", new { projectId });
}
